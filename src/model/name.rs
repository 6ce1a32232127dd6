//! Which expected-return model: its variants, and how each is named in commands and files.
//!
//! A name may bring parameters in brackets: `dimson(2,1)`, `comparison-portfolio(5)`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// How the conditional variance of a residual moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum VarianceProcess {
    /// GARCH(1,1) (Bollerslev 1986, *Journal of Econometrics* 31, 307–327).
    Garch,
    /// EGARCH(1,1) (Nelson 1991, *Econometrica* 59, 347–370).
    Egarch,
    /// GJR-GARCH(1,1) (Glosten, Jagannathan & Runkle 1993, *Journal of Finance* 48, 1779–1801).
    Gjr,
}

/// The distribution of standardised residuals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorLaw {
    /// Standard normal.
    Normal,
    /// Student t, scaled to variance 1, its degrees of freedom estimated.
    Student,
}

/// How the expected return is formed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExpectedReturnModel {
    /// α + β R_m, by ordinary least squares over the estimation window (Sharpe 1963).
    #[default]
    Market,
    /// The benchmark's own return (α = 0, β = 1).
    MarketAdjusted,
    /// The security's mean return over the estimation window (Brown & Warner 1985).
    ConstantMean,
    /// α + β of the benchmark's return above the risk-free one, in excess returns (Sharpe 1964; Lintner 1965).
    Capm,
    /// Market, size and value, in excess returns (Fama & French 1993).
    FamaFrench3,
    /// The three factors and momentum (Carhart 1997).
    Carhart4,
    /// The three factors, profitability and investment (Fama & French 2015).
    FamaFrench5,
    /// Every factor of the file, in excess returns when it has a risk-free one.
    Factors,
    /// Beta of securities that don't trade at the close (Scholes & Williams 1977).
    ScholesWilliams,
    /// Beta as the sum of the slopes on lagged, current and leading benchmark returns (Dimson 1979).
    Dimson {
        /// Sessions before.
        lags: u8,
        /// Sessions after.
        leads: u8,
    },
    /// The same slopes, weighted by the benchmark's autocorrelations (Fowler & Rorke 1983).
    FowlerRorke {
        /// Sessions before, and after.
        shifts: u8,
    },
    /// Beta shrunk towards the mean beta, by their variances (Vasicek 1973).
    Vasicek,
    /// Beta moved towards 1 as betas tend to move (Blume 1971).
    Blume,
    /// The market model with residuals of changing variance, by maximum likelihood.
    ConditionalVariance {
        /// Of which kind.
        process: VarianceProcess,
        /// Distribution of the standardised residuals.
        errors: ErrorLaw,
    },
    /// A mix of other securities that moved alike in the estimation window.
    SyntheticControl,
    /// The return of one matched firm.
    ComparisonFirm,
    /// The mean return of several matched firms.
    ComparisonPortfolio {
        /// How many.
        firms: u8,
    },
}

/// A name that is no model's.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no model \"{name}\": choose one of {}", ExpectedReturnModel::NAMES.join(", "))]
pub struct UnknownModel {
    /// What was written.
    pub name: String,
}

impl ExpectedReturnModel {
    /// Every name, parameters as they are by default.
    pub const NAMES: [&'static str; 22] = [
        "market",
        "market-adjusted",
        "constant-mean",
        "capm",
        "fama-french-3",
        "carhart-4",
        "fama-french-5",
        "factors",
        "scholes-williams",
        "dimson(1,1)",
        "fowler-rorke(1)",
        "vasicek",
        "blume",
        "garch",
        "garch-t",
        "egarch",
        "egarch-t",
        "gjr",
        "gjr-t",
        "synthetic-control",
        "comparison-firm",
        "comparison-portfolio(10)",
    ];

    /// Most lags or leads of [`ExpectedReturnModel::Dimson`].
    pub const MOST_LAGS: u8 = 20;

    /// The name without its parameters; with them it is written by [`fmt::Display`].
    pub fn name(self) -> &'static str {
        use ErrorLaw::{Normal, Student};
        use VarianceProcess::{Egarch, Garch, Gjr};
        match self {
            ExpectedReturnModel::Market => "market",
            ExpectedReturnModel::MarketAdjusted => "market-adjusted",
            ExpectedReturnModel::ConstantMean => "constant-mean",
            ExpectedReturnModel::Capm => "capm",
            ExpectedReturnModel::FamaFrench3 => "fama-french-3",
            ExpectedReturnModel::Carhart4 => "carhart-4",
            ExpectedReturnModel::FamaFrench5 => "fama-french-5",
            ExpectedReturnModel::Factors => "factors",
            ExpectedReturnModel::ScholesWilliams => "scholes-williams",
            ExpectedReturnModel::Dimson { .. } => "dimson",
            ExpectedReturnModel::FowlerRorke { .. } => "fowler-rorke",
            ExpectedReturnModel::Vasicek => "vasicek",
            ExpectedReturnModel::Blume => "blume",
            ExpectedReturnModel::ConditionalVariance { process, errors } => match (process, errors) {
                (Garch, Normal) => "garch",
                (Garch, Student) => "garch-t",
                (Egarch, Normal) => "egarch",
                (Egarch, Student) => "egarch-t",
                (Gjr, Normal) => "gjr",
                (Gjr, Student) => "gjr-t",
            },
            ExpectedReturnModel::SyntheticControl => "synthetic-control",
            ExpectedReturnModel::ComparisonFirm => "comparison-firm",
            ExpectedReturnModel::ComparisonPortfolio { .. } => "comparison-portfolio",
        }
    }
}

impl fmt::Display for ExpectedReturnModel {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExpectedReturnModel::Dimson { lags, leads } => write!(out, "dimson({lags},{leads})"),
            ExpectedReturnModel::FowlerRorke { shifts } => write!(out, "fowler-rorke({shifts})"),
            ExpectedReturnModel::ComparisonPortfolio { firms } => write!(out, "comparison-portfolio({firms})"),
            model => out.write_str(model.name()),
        }
    }
}

impl FromStr for ExpectedReturnModel {
    type Err = UnknownModel;

    fn from_str(text: &str) -> Result<Self, UnknownModel> {
        let unknown = || UnknownModel { name: text.to_owned() };
        let lower = text.trim().to_ascii_lowercase();
        let (name, numbers) = match lower.split_once('(') {
            Some((name, rest)) => {
                let inside = rest.strip_suffix(')').ok_or_else(unknown)?;
                let numbers: Result<Vec<u8>, _> = inside.split(',').map(|number| number.trim().parse()).collect();
                (name.trim_end(), numbers.map_err(|_| unknown())?)
            }
            None => (lower.as_str(), Vec::new()),
        };
        let model = match (name, numbers.as_slice()) {
            ("dimson", []) => Self::Dimson { lags: 1, leads: 1 },
            ("dimson", [both]) => Self::Dimson { lags: *both, leads: *both },
            ("dimson", [lags, leads]) => Self::Dimson { lags: *lags, leads: *leads },
            ("fowler-rorke", []) => Self::FowlerRorke { shifts: 1 },
            ("fowler-rorke", [shifts]) if *shifts > 0 => Self::FowlerRorke { shifts: *shifts },
            ("comparison-portfolio", []) => Self::ComparisonPortfolio { firms: 10 },
            ("comparison-portfolio", [firms]) if *firms > 0 => Self::ComparisonPortfolio { firms: *firms },
            (name, []) => Self::plain(name).ok_or_else(unknown)?,
            // The order of both kinds of models of variance is (1,1); written so, it is right.
            ("garch" | "garch-t" | "egarch" | "egarch-t" | "gjr" | "gjr-t", [1, 1]) => Self::plain(name).ok_or_else(unknown)?,
            _ => return Err(unknown()),
        };
        match model {
            Self::Dimson { lags, leads } if lags.max(leads) > Self::MOST_LAGS => Err(unknown()),
            Self::FowlerRorke { shifts } if shifts > Self::MOST_LAGS => Err(unknown()),
            model => Ok(model),
        }
    }
}

impl ExpectedReturnModel {
    /// The model of a name without parameters.
    fn plain(name: &str) -> Option<Self> {
        let variance = |process, errors| Self::ConditionalVariance { process, errors };
        Some(match name {
            "market" => Self::Market,
            "market-adjusted" => Self::MarketAdjusted,
            "constant-mean" => Self::ConstantMean,
            "capm" => Self::Capm,
            "fama-french-3" => Self::FamaFrench3,
            "carhart-4" => Self::Carhart4,
            "fama-french-5" => Self::FamaFrench5,
            "factors" => Self::Factors,
            "scholes-williams" => Self::ScholesWilliams,
            "vasicek" => Self::Vasicek,
            "blume" => Self::Blume,
            "garch" => variance(VarianceProcess::Garch, ErrorLaw::Normal),
            "garch-t" => variance(VarianceProcess::Garch, ErrorLaw::Student),
            "egarch" => variance(VarianceProcess::Egarch, ErrorLaw::Normal),
            "egarch-t" => variance(VarianceProcess::Egarch, ErrorLaw::Student),
            "gjr" => variance(VarianceProcess::Gjr, ErrorLaw::Normal),
            "gjr-t" => variance(VarianceProcess::Gjr, ErrorLaw::Student),
            "synthetic-control" => Self::SyntheticControl,
            "comparison-firm" => Self::ComparisonFirm,
            _ => return None,
        })
    }
}

impl Serialize for ExpectedReturnModel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ExpectedReturnModel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        for name in ExpectedReturnModel::NAMES {
            assert_eq!(name.parse::<ExpectedReturnModel>().map(|model| model.to_string()), Ok(name.to_owned()));
        }
    }

    #[test]
    fn parameters_are_read_and_bounded() {
        let read = |text: &str| text.parse::<ExpectedReturnModel>().map(|model| model.to_string()).ok();
        assert_eq!(read("dimson").as_deref(), Some("dimson(1,1)"));
        assert_eq!(read("Dimson( 2 )").as_deref(), Some("dimson(2,2)"));
        assert_eq!(read("dimson(3,0)").as_deref(), Some("dimson(3,0)"));
        assert_eq!(read("fowler-rorke(2)").as_deref(), Some("fowler-rorke(2)"));
        assert_eq!(read("garch(1,1)").as_deref(), Some("garch"));
        assert_eq!(read("comparison-portfolio(3)").as_deref(), Some("comparison-portfolio(3)"));
        for wrong in [
            "",
            "dimson(",
            "dimson(1,2,3)",
            "dimson(-1)",
            "dimson(21)",
            "garch(2,1)",
            "market(1)",
            "comparison-portfolio(0)",
            "fowler-rorke(0)",
            "fowler-rorke(21)",
            "beta",
        ] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
