//! Market models whose residual variance moves from day to day, by maximum likelihood.
//!
//! R_t = a + b R_m,t + e_t, e_t = z_t √h_t, z_t of mean 0 and variance 1, normal or Student t:
//!
//! | model | conditional variance | persistence | source |
//! |---|---|---|---|
//! | `garch` | h_t = ω + α e²_{t−1} + β h_{t−1} | α + β | Bollerslev (1986), *Journal of Econometrics* 31, 307–327 |
//! | `gjr` | h_t = ω + (α + γ \[e_{t−1} < 0\]) e²_{t−1} + β h_{t−1} | α + γ/2 + β | Glosten, Jagannathan & Runkle (1993), *Journal of Finance* 48, 1779–1801 |
//! | `egarch` | ln h_t = ω + α (\|z_{t−1}\| − √(2/π)) + γ z_{t−1} + β ln h_{t−1} | β | Nelson (1991), *Econometrica* 59, 347–370 |
//!
//! The t of ν degrees of freedom is scaled to variance 1 (Bollerslev 1987, *Review of Economics and Statistics* 69, 542–547). Line and
//! variance are estimated together; the line is that of [`crate::model::ExpectedReturnModel::Market`], weighted by what each day is worth.
//! An event study needs it where volatility comes in spells: a plain s says too much of a quiet event day and too little of a wild one
//! (de Jong, Kemna & Kloek 1992, *Journal of Finance* 47, 1411–1412 of their introduction's argument is not needed here; Savickas 2003,
//! *Journal of Financial Research* 26, 165–178).
