# Run by many_event_tests.py: the same inputs in R. What is printed is kept in many_event_tests.R.out.
suppressMessages({library(sandwich); library(lmtest); library(jsonlite)})
options(digits = 15)
inputs <- fromJSON("many_event_tests.inputs.json")
with(inputs, {
  cat(R.version.string, "\n")
  for (package in c("sandwich", "lmtest", "jsonlite")) cat(package, as.character(packageVersion(package)), "\n")
  model <- lm(car ~ 1, data.frame(car = skewed, day, firm))
  covariance <- vcovCL(model, cluster = ~ day + firm)
  print(covariance)
  clustered <- coeftest(model, covariance, df = min(length(unique(day)), length(unique(firm))) - 1)
  print(clustered)
  print(plain <- coeftest(model))
  print(welch <- t.test(skewed, second_group))
  print(sums <- wilcox.test(tied, second_tied, exact = FALSE))
  print(signed <- wilcox.test(skewed, exact = TRUE))
  print(ties <- wilcox.test(tied[tied != 0], exact = FALSE))
  print(binomial <- binom.test(sum(skewed > 0), length(skewed), 0.47))
  print(holm <- p.adjust(p_values, "holm"))
  print(benjamini_hochberg <- p.adjust(p_values, "BH"))
  cat("=== JSON ===\n")
  pair <- function(statistic, p_value) list(statistic = unname(statistic), p_value = unname(p_value))
  cat(toJSON(list(
    "two-way-clustered" = pair(clustered[1, 3], clustered[1, 4]),
    "cross-sectional-t" = pair(plain[1, 3], plain[1, 4]),
    "welch-t" = c(pair(welch$statistic, welch$p.value), degrees = unname(welch$parameter)),
    "rank-sum" = list(p_value = sums$p.value),
    wilcoxon = pair(signed$statistic, signed$p.value),
    "wilcoxon-tied" = list(p_value = ties$p.value),
    "generalised-sign-exact" = pair(binomial$statistic, binomial$p.value),
    holm = holm, "benjamini-hochberg" = benjamini_hochberg), auto_unbox = TRUE, digits = I(17), pretty = TRUE), "\n")
})
