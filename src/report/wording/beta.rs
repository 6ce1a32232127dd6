//! Sentences about betas other than least squares, and about thin trading.

use super::join;
use crate::model::ExpectedReturnModel;
use crate::report::number;
use crate::sample::SampleResult;
use crate::sample::beta::ShrinkageUsed;
use crate::sample::thin::THIN;

/// How α, the abnormal return and the variance of β are formed, with the source; None for models whose beta is least squares'.
pub fn method(result: &SampleResult) -> Option<String> {
    let beta = match result.study.model {
        ExpectedReturnModel::ScholesWilliams => {
            "β = (b⁻ + b + b⁺) / (1 + 2ρ): the slopes of three lines on the benchmark’s return of the session before, the same and the session after, ρ its first-order autocorrelation over the estimation days (Scholes & Williams 1977, Journal of Financial Economics 5, 309–327). Var(β) is that of the equivalent instrumental-variable estimator, s² S_zz / S_zm², the instrument z being the sum of the benchmark’s three returns.".to_owned()
        }
        ExpectedReturnModel::Dimson { lags, leads } => format!(
            "β is the sum of the slopes of one regression on the benchmark’s returns of {} before to {} after (Dimson 1979, Journal of Financial Economics 7, 197–226); Var(β) = s² 1′(X′X)⁻¹1 over the slopes. Where the benchmark is autocorrelated the sum isn’t consistent (Fowler & Rorke 1983, Journal of Financial Economics 12, 279–283): the model fowler-rorke weighs the slopes.",
            number::plural(usize::from(lags), "session"),
            number::plural(usize::from(leads), "session"),
        ),
        ExpectedReturnModel::FowlerRorke { shifts } => format!(
            "β is the weighted sum of the slopes of one regression on the benchmark’s returns of {0} before to {0} after; the weights come from its autocorrelations over the estimation days, (1 + ρ) / (1 + 2ρ) for one session (Fowler & Rorke 1983, Journal of Financial Economics 12, 279–283, on Dimson 1979). Var(β) = s² w′(X′X)⁻¹w takes them as known.",
            number::plural(usize::from(shifts), "session"),
        ),
        ExpectedReturnModel::Vasicek | ExpectedReturnModel::Blume => shrinkage(result.shrinkage.as_ref()?),
        _ => return None,
    };
    Some(format!(
        "{beta} The line goes through the means, α = R̄ − β R̄_m, and an abnormal return is R − α − β R_m with the benchmark’s return of the same session. With Var(β), the variance of a cumulative abnormal return over L days is s² (L + L²/n) + (Σ R_m − L R̄_m)² Var(β)."
    ))
}

/// How least-squares betas were moved.
pub fn shrinkage(used: &ShrinkageUsed) -> String {
    match used {
        ShrinkageUsed::Vasicek { mean, standard_deviation, betas } => {
            let (mean, spread) = (number::fixed(*mean, 3), number::fixed(*standard_deviation, 3));
            let whence = match betas {
                Some(count) => format!("those of the {} least-squares betas of this study", number::count(*count)),
                None => "as given".to_owned(),
            };
            format!(
                "Each least-squares beta is weighed by its variance against a prior of mean {mean} and standard deviation {spread} ({whence}); β and Var(β) are the posterior mean and variance (Vasicek 1973, Journal of Finance 28, 1233–1239)."
            )
        }
        ShrinkageUsed::Blume { intercept, slope, betas: Some(count) } => format!(
            "Each least-squares beta b is moved to {} + {} b, the line of the betas of the second half of the estimation windows on those of the first, over {} (Blume 1975, Journal of Finance 30, 785–795); Var(β) is the slope squared times that of b.",
            number::fixed(*intercept, 3),
            number::fixed(*slope, 3),
            number::plural(*count, "event"),
        ),
        ShrinkageUsed::Blume { betas: None, .. } => {
            "Each least-squares beta b is moved to ⅓ + ⅔ b, the adjusted beta of data vendors (after Blume 1971, Journal of Finance 26, 1–10); Var(β) is four ninths of that of b.".to_owned()
        }
    }
}

/// How returns were paired from trade to trade; None where they weren't.
pub fn trade_to_trade(result: &SampleResult) -> Option<String> {
    result.thin.trade_to_trade.then(|| {
        "Returns are taken from trade to trade: one that spans d sessions is set against the benchmark’s over the same d sessions, and the regression is weighted by 1/√d, as its noise grows with the time it spans (Maynes & Rumsey 1993, Journal of Banking & Finance 17, 145–157). α is a session’s, an abnormal return R − α d − β R_m has the variance s² d and the forecast’s, and stands on the day of the trade that ends its span. A session without a trade counts as missing only when no later trade of the event window spans it; rank tests and correlations take each residual over √d.".to_owned()
    })
}

/// What was left out for want of volume; None when that wasn't asked for.
pub fn untraded(result: &SampleResult) -> Option<String> {
    let untraded = result.thin.untraded?;
    let left_out = match untraded.quotes {
        0 => "No quote of the events’ securities has a volume of 0.".to_owned(),
        quotes => format!(
            "{} with a volume of 0 ({}) {} left out: nobody traded.",
            number::plural(quotes, "quote"),
            if untraded.securities == 1 { "one security".to_owned() } else { format!("{} securities", number::count(untraded.securities)) },
            if quotes == 1 { "was" } else { "were" },
        ),
    };
    let unknown = match untraded.without_volume {
        0 => String::new(),
        1 => " Of one security no volumes are known: its quotes are all taken for trades.".to_owned(),
        count => format!(" Of {} securities no volumes are known: their quotes are all taken for trades.", number::count(count)),
    };
    Some(format!("{left_out}{unknown}"))
}

/// A warning when securities trade thinly; None when none does.
pub fn thin(result: &SampleResult) -> Option<String> {
    let thin = &result.thin;
    if thin.thin_events == 0 {
        return None;
    }
    let events = match (thin.thin_events, result.events.len()) {
        (1, 1) => "The event’s security".to_owned(),
        (1, used) => format!("The security of one of the {} events", number::count(used)),
        (some, used) => format!("The securities of {} of the {} events", number::count(some), number::count(used)),
    };
    let percent = |share: f64| number::percent(share, 1);
    let shares = format!(
        "over all events {} of the returns are zero (at most {}), and {} of the sessions have none (at most {})",
        percent(thin.mean_zero_share),
        percent(thin.largest_zero_share),
        percent(thin.mean_missing_share),
        percent(thin.largest_missing_share),
    );
    let remedies: &[&str] = match result.study.model {
        _ if thin.trade_to_trade => &[],
        ExpectedReturnModel::ScholesWilliams | ExpectedReturnModel::Dimson { .. } | ExpectedReturnModel::FowlerRorke { .. } => {
            &["--thin-trading trade-to-trade"]
        }
        _ => &["--thin-trading trade-to-trade", "--model scholes-williams", "--model dimson"],
    };
    let advice = match remedies {
        [] => String::new(),
        options => {
            let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
            format!(
                " Betas are biased then, mostly downwards, and abnormal returns pile up at zero (Maynes & Rumsey 1993): see {}.",
                join(&options, "or")
            )
        }
    };
    Some(format!(
        "{events} traded thinly: at least {} of the sessions of the estimation window have no return, or one of zero, which hides that nobody traded (Lesmond, Ogden & Trzcinka 1999, Review of Financial Studies 12, 1113–1141); {shares}.{advice}",
        number::percent(THIN, 0),
    ))
}

/// Events without a rolling beta; None when each has one, or none was asked for.
pub fn without_rolling(result: &SampleResult) -> Option<String> {
    let rolling = result.rolling.as_ref().filter(|rolling| rolling.without > 0)?;
    Some(format!(
        "{} of the {} events have no rolling beta: no {} sessions in a row with returns on at least half of them.",
        number::count(rolling.without),
        number::count(result.events.len()),
        number::count(rolling.window)
    ))
}
