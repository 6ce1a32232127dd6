//! The tests of many events in words: a name for tables, what the statistic is, and its source.

/// A test as the report presents it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TestWords {
    /// Name as in result files.
    pub name: &'static str,
    /// Name for tables and sentences.
    pub words: &'static str,
    /// A name of a few letters, for narrow columns.
    pub short: &'static str,
    /// What is computed, and the null distribution.
    pub definition: &'static str,
    /// Author, year, journal, pages.
    pub source: &'static str,
}

/// Every test of many events, in the order of result files.
pub const TESTS: &[TestWords] = &[
    TestWords {
        name: "cross-sectional-t",
        words: "Cross-sectional t",
        short: "CS t",
        definition: "mean CAR over (standard deviation of the CARs / √N), against t(N − 1)",
        source: "Brown & Warner 1980, Journal of Financial Economics 8, 205–258",
    },
    TestWords {
        name: "skewness-adjusted-t",
        words: "Skewness-adjusted t",
        short: "Skew t",
        definition: "√N (S + γS²/3 + γ²S³/27 + γ/(6N)), S the mean over the standard deviation and γ the skewness of the CARs, against N(0, 1)",
        source: "Hall 1992, Journal of the Royal Statistical Society B 54, 221–228",
    },
    TestWords {
        name: "crude-dependence",
        words: "Crude dependence",
        short: "Crude",
        definition: "CAAR over (√L times the standard deviation of the events’ mean residual in the estimation window), L days, against t(days − 1)",
        source: "Brown & Warner 1985, Journal of Financial Economics 14, 3–31",
    },
    TestWords {
        name: "patell",
        words: "Patell Z",
        short: "Patell",
        definition: "Σ SCAR / √Σ d/(d − 2), d the degrees of freedom of each event’s model, against N(0, 1)",
        source: "Patell 1976, Journal of Accounting Research 14, 246–276",
    },
    TestWords {
        name: "bmp",
        words: "BMP t",
        short: "BMP",
        definition: "mean SCAR over (standard deviation of the SCARs / √N), against t(N − 1)",
        source: "Boehmer, Musumeci & Poulsen 1991, Journal of Financial Economics 30, 253–272",
    },
    TestWords {
        name: "kolari-pynnonen-patell",
        words: "Kolari–Pynnönen Patell",
        short: "KP Patell",
        definition: "Patell’s Z / √(1 + (N − 1)r̄), r̄ the mean correlation of the events’ residuals by calendar day, against N(0, 1)",
        source: "Kolari & Pynnönen 2010, Review of Financial Studies 23, 3996–4025",
    },
    TestWords {
        name: "kolari-pynnonen-bmp",
        words: "Kolari–Pynnönen BMP",
        short: "KP BMP",
        definition: "BMP’s t times √((1 − r̄)/(1 + (N − 1)r̄)), against t(N − 1)",
        source: "Kolari & Pynnönen 2010, Review of Financial Studies 23, 3996–4025",
    },
    TestWords {
        name: "corrado-rank",
        words: "Corrado rank",
        short: "Corrado",
        definition: "each event’s abnormal returns of estimation and event window ranked together, U = rank/(1 + n) − ½; z of a day is ΣU/√N; Z = Σ z over the window / (√L · √(mean of z² over all days)), against N(0, 1)",
        source: "Corrado 1989, Journal of Financial Economics 23, 385–395; Corrado & Zivney 1992, Journal of Financial and Quantitative Analysis 27, 465–478",
    },
    TestWords {
        name: "grank-t",
        words: "Generalised rank t",
        short: "GRANK t",
        definition: "each event’s SCAR, over the standard deviation of the SCARs, ranked as one more day among its standardised residuals; t = Z√((T − 2)/(T − 1 − Z²)), T days, against t(T − 2)",
        source: "Kolari & Pynnönen 2011, Journal of Empirical Finance 18, 953–971",
    },
    TestWords {
        name: "grank-z",
        words: "Generalised rank Z",
        short: "GRANK Z",
        definition: "the mean rank of the window over the root of the mean squared rank of all T days, against N(0, 1)",
        source: "Kolari & Pynnönen 2011, Journal of Empirical Finance 18, 953–971",
    },
    TestWords {
        name: "sign",
        words: "Sign",
        short: "Sign",
        definition: "(w − N/2)/√(N/4), w the events with a positive CAR, against N(0, 1)",
        source: "Brown & Warner 1980, Journal of Financial Economics 8, 205–258",
    },
    TestWords {
        name: "sign-exact",
        words: "Exact sign",
        short: "Exact sign",
        definition: "w against the binomial distribution with N events and ½",
        source: "Brown & Warner 1980, Journal of Financial Economics 8, 205–258",
    },
    TestWords {
        name: "generalised-sign",
        words: "Generalised sign",
        short: "G. sign",
        definition: "(w − Np̂)/√(Np̂(1 − p̂)), p̂ the mean share of positive residuals in the estimation windows, against N(0, 1)",
        source: "Cowan 1992, Review of Quantitative Finance and Accounting 2, 343–358",
    },
    TestWords {
        name: "generalised-sign-exact",
        words: "Exact generalised sign",
        short: "Exact g. sign",
        definition: "w against the binomial distribution with N events and p̂",
        source: "Cowan 1992, Review of Quantitative Finance and Accounting 2, 343–358",
    },
    TestWords {
        name: "wilcoxon",
        words: "Wilcoxon signed rank",
        short: "Wilcoxon",
        definition: "sum of the ranks of the positive CARs by size; exact for up to 50 events without ties, else normal with correction for ties and continuity",
        source: "Wilcoxon 1945, Biometrics Bulletin 1, 80–83",
    },
    TestWords {
        name: "jackknife",
        words: "Jackknife",
        short: "Jackknife",
        definition: "mean over standard error of the jackknife’s pseudo-values of mean SCAR / standard deviation, against t(N − 1)",
        source: "Giaccotto & Sfiridis 1996, Journal of Economics and Business 48, 349–370",
    },
    TestWords {
        name: "calendar-time",
        words: "Calendar-time portfolio",
        short: "Cal. time",
        definition: "the mean abnormal return of the events open on each calendar day; mean over standard error of those days, against t(days − 1)",
        source: "Jaffe 1974, Journal of Business 47, 410–428; Mandelker 1974, Journal of Financial Economics 1, 303–335; Fama 1998, Journal of Financial Economics 49, 283–306",
    },
    TestWords {
        name: "two-way-clustered",
        words: "Two-way clustered",
        short: "Clustered",
        definition: "mean CAR over the root of V(day) + V(firm) − V(both), against t(smaller number of clusters − 1)",
        source: "Cameron, Gelbach & Miller 2011, Journal of Business & Economic Statistics 29, 238–249; Thompson 2011, Journal of Financial Economics 99, 1–10",
    },
    TestWords {
        name: "calendar-time-alpha",
        words: "Calendar-time alpha",
        short: "CT alpha",
        definition: "the intercept of the regression of the equally weighted portfolio of open events, by calendar period, on the model’s factors, over its Newey–West error (1987; ⌊4 (T/100)^(2/9)⌋ lags, factor T/(T − k)), against t(T − k)",
        source: "Fama 1998, Journal of Financial Economics 49, 283–306; Mitchell & Stafford 2000, Journal of Business 73, 287–329",
    },
    TestWords {
        name: "calendar-time-alpha-wls",
        words: "Calendar-time alpha (WLS)",
        short: "CT alpha WLS",
        definition: "the same by least squares weighted by the number of events held in each period",
        source: "Fama 1998, Journal of Financial Economics 49, 283–306",
    },
    TestWords {
        name: "calendar-time-alpha-value",
        words: "Calendar-time alpha (by value)",
        short: "CT alpha VW",
        definition: "the same of the portfolio in parts by the weights of the event file",
        source: "Fama 1998, Journal of Financial Economics 49, 283–306; Mitchell & Stafford 2000, Journal of Business 73, 287–329",
    },
    TestWords {
        name: "standardised-clustered",
        words: "Standardised clustered",
        short: "Std. clust.",
        definition: "mean of all events’ daily abnormal returns over their standard errors, over the root of V(day) + V(firm) − V(both), against t(smaller number of clusters − 1)",
        source: "Dutta, Knif, Kolari & Pynnönen 2018, Journal of Empirical Finance 47, 1–24",
    },
    TestWords {
        name: "bhar-bootstrap",
        words: "BHAR bootstrap",
        short: "BHAR b.",
        definition: "the skewness-adjusted t of the BHARs among those of samples of N/4 drawn with replacement, about their mean, each tail by itself; 2 (hits + 1)/(draws + 1)",
        source: "Lyon, Barber & Tsai 1999, Journal of Finance 54, 165–201",
    },
    TestWords {
        name: "wild-bootstrap",
        words: "Wild bootstrap",
        short: "Wild b.",
        definition: "the cross-sectional t of CARs whose signs are drawn at random; (hits + 1)/(draws + 1)",
        source: "Liu 1988, Annals of Statistics 16, 1696–1708; Cameron, Gelbach & Miller 2008, Review of Economics and Statistics 90, 414–427",
    },
    TestWords {
        name: "skewness-adjusted-bootstrap",
        words: "Skewness-adjusted bootstrap",
        short: "Skew b.",
        definition: "the skewness-adjusted t of samples drawn from the CARs with replacement, about their mean; (hits + 1)/(draws + 1)",
        source: "Lyon, Barber & Tsai 1999, Journal of Finance 54, 165–201",
    },
    TestWords {
        name: "permutation",
        words: "Permutation",
        short: "Permut.",
        definition: "the cross-sectional t of windows drawn from each event’s own estimation residuals; (hits + 1)/(draws + 1)",
        source: "in the spirit of Nguyen & Wolf 2023, Empirical Economics",
    },
    TestWords {
        name: "donor-placebo-groups",
        words: "Donor placebo groups",
        short: "Donor pl.",
        definition: "mean CAR weighted by the inverse of each event’s error before it, Σ(CAR/σ) / Σ(1/σ), among groups of donors drawn as if they had had the events; (hits + 1)/(draws + 1)",
        source: "Acemoglu, Johnson, Kermani, Kwak & Mitton 2016, Journal of Financial Economics 121, 368–391; Abadie, Diamond & Hainmueller 2010, Journal of the American Statistical Association 105, 493–505",
    },
    TestWords {
        name: "welch-t",
        words: "Welch t",
        short: "Welch",
        definition: "difference of the mean CARs over √(s²₁/N₁ + s²₂/N₂), against t with Welch’s and Satterthwaite’s degrees of freedom",
        source: "Welch 1947, Biometrika 34, 28–35",
    },
    TestWords {
        name: "welch-t-standardised",
        words: "Welch t of the SCARs",
        short: "Welch SCAR",
        definition: "the same of the standardised CARs",
        source: "Welch 1947, Biometrika 34, 28–35",
    },
    TestWords {
        name: "rank-sum",
        words: "Rank sum",
        short: "Rank sum",
        definition: "pairs in which the first group’s CAR is the larger one, normal with correction for ties and continuity",
        source: "Mann & Whitney 1947, Annals of Mathematical Statistics 18, 50–60",
    },
    TestWords {
        name: "t",
        words: "t of the event",
        short: "t",
        definition: "an event’s CAR over its standard error, each bar’s variance that of its time of day in the estimation sessions, against t with Satterthwaite’s degrees of freedom; where one variance is taken for all bars (`--volatility constant`) that, against t(n − p)",
        source: "Satterthwaite 1946, Biometrics Bulletin 2, 110–114; after Rinaudo & Saha 2014, Journal of Financial Perspectives 2(2), 161–172",
    },
    TestWords {
        name: "same-time-t",
        words: "Same-time t",
        short: "Same-time t",
        definition: "an event’s CAR over the root mean square of its CARs over the same stretch of the day in the estimation sessions, against t(sessions)",
        source: "after Rinaudo & Saha 2014, Journal of Financial Perspectives 2(2), 161–172",
    },
    TestWords {
        name: "same-time-rank",
        words: "Same-time rank",
        short: "Same-time rank",
        definition: "the place of an event’s CAR among those over the same stretch of the day in the estimation sessions: p = (hits + 1)/(sessions + 1)",
        source: "Gelbach, Helland & Klick 2013, American Law and Economics Review 15, 495–541, for days",
    },
];

/// A test's words; None for a name that isn't in [`TESTS`].
pub fn find(name: &str) -> Option<&'static TestWords> {
    TESTS.iter().find(|test| test.name == name)
}

/// A test's name for tables and sentences; a name that isn't known stays as it is.
pub fn words(name: &str) -> &str {
    find(name).map_or(name, |test| test.words)
}

/// A test's short name.
pub fn short(name: &str) -> &str {
    find(name).map_or(name, |test| test.short)
}
