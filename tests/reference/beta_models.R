# Weighted regressions of returns from trade to trade in R; run by beta_models.py. Prints JSON.
arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[1]
ends <- as.integer(arguments[2:5])
found <- list(version = as.character(getRversion()))
for (name in arguments[6:length(arguments)]) {
  rows <- read.csv(file.path(folder, paste0(name, ".csv")))
  fitted <- rows[rows$day >= ends[1] & rows$day <= ends[2], ]
  event <- rows[rows$day >= ends[3] & rows$day <= ends[4], ]
  fit <- lm(y ~ 0 + d + x, data = fitted, weights = 1 / d)
  forecast <- predict(fit, event, se.fit = TRUE)
  s <- summary(fit)$sigma
  found[[name]] <- list(
    alpha = unname(coef(fit)["d"]), beta = unname(coef(fit)["x"]), sigma = s, n = nrow(fitted),
    ar = event$y - unname(forecast$fit), ar_se = unname(sqrt(s^2 * event$d + forecast$se.fit^2))
  )
}
cat(jsonlite::toJSON(found, digits = NA, auto_unbox = TRUE))
