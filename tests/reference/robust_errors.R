# Run by robust_errors.py: the same inputs in R, by sandwich and lmtest.
suppressMessages({library(sandwich); library(lmtest); library(jsonlite)})
input <- fromJSON(commandArgs(TRUE)[1])
d <- data.frame(y = input$y, size = input$size, ratio = input$ratio, tech = input$tech, day = input$day, firm = input$firm)
fit <- lm(y ~ size + ratio + tech, d)
errors <- function(v) unname(sqrt(diag(v)))
pooled <- lm(input$pooled ~ 1)
days <- input$pooled_day; firms <- input$pooled_firm
t2 <- unname(coef(pooled)[1] / sqrt(vcovCL(pooled, cluster = data.frame(days, firms))[1, 1]))
out <- list(
  version = list(R = as.character(getRversion()), sandwich = as.character(packageVersion("sandwich"))),
  hc0 = errors(vcovHC(fit, type = "HC0")), hc1 = errors(vcovHC(fit, type = "HC1")), hc3 = errors(vcovHC(fit, type = "HC3")),
  date = errors(vcovCL(fit, cluster = d$day)), firm = errors(vcovCL(fit, cluster = d$firm)),
  `date-firm` = errors(vcovCL(fit, cluster = d[, c("day", "firm")])),
  hac4 = errors(NeweyWest(fit, lag = 4, prewhite = FALSE, adjust = TRUE)),
  standardised_clustered = list(t = t2, days = length(unique(days)), firms = length(unique(firms)))
)
cat(toJSON(out, digits = NA, auto_unbox = TRUE))
