//! Least squares on the simplex: the weights `w ≥ 0`, `Σw = 1` that minimise `‖y − Xw‖²`.
//!
//! With `D = X − y1'` the sum of squares is `‖Dw‖²`: the point nearest to the origin of the polytope that the columns of D span. Found
//! by Wolfe's active-set method (1976, Mathematical Programming 11, 128–149, doi:10.1007/BF01580381), which for this problem takes the
//! same steps as Lawson & Hanson's non-negative least squares (1974, Solving Least Squares Problems, ch. 23) on `[D; 1'c]u = [0; c]`,
//! `w = u / Σu`: columns enter one by one, the one that promises most first; on those that are in, the weights solve
//! `(D'D + c²11')u = 1`; a column whose weight would be negative leaves. A weight is 0 or it isn't: nothing is rounded to 0.
//!
//! The end is checked, not assumed: at the minimum no column j has `(D'Dw)_j` below `w'D'Dw`, and by how much the worst one does
//! (the *gap*) bounds what is left to gain: `‖Dw‖² − min ≤ 2 gap`. A gap above 1e-10 of the largest square is
//! [`SimplexError::NotConverged`]. The products D'D are of the power 2 of the data: an objective is good to about 1e-14 of the largest
//! square, weights to that times the condition of D'D on the columns used.
//!
//! Where the minimum isn't unique (columns that are the same, or y inside the hull of more columns than there are rows), the answer is
//! one of the minima, and always the same one: of columns that promise the same, the first enters, and one that adds nothing
//! stays out.
//!
//! **Why no crate.** A pool of m series poses m + 1 problems that share one matrix of products (each donor in turn is the placebo), which a
//! general solver makes anew for each. For 50 columns of 250 rows (release build, two shared cores) the crates `nnls` 0.5 (with the
//! system above) and `clarabel` 0.11 take 0.83 and 1.36 ms a problem, this one 0.2; all three reach the same sum of squares to 12 digits.
//! `nnls` panics where there is no column and doesn't say whether it converged; `clarabel`, an interior-point method, has no zeros
//! among its weights and brings 20 crates; `quadprog` is under the GPL.

use thiserror::Error;

/// What a column must promise, as a share of the largest square, to enter: a hundred times the rounding of a product.
const ENTRANCE: f64 = 1e-13;
/// Largest gap, as a share of the largest square, of a solution.
const LARGEST_GAP: f64 = 1e-10;
/// A pivot below this share of its diagonal is rounding: the column lies in the plane of those that are in.
const SMALLEST_PIVOT: f64 = 1e-12;

/// Why there are no weights. Series count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum SimplexError {
    /// Nothing to give weights to.
    #[error("there is no column to give a weight: give at least one")]
    NoColumn,
    /// No row.
    #[error("the series have no rows: give at least one")]
    NoRow,
    /// Two series differ in length.
    #[error("series {series} has {found} rows, the first has {expected}: give all the same rows")]
    LengthsDiffer {
        /// Which one.
        series: usize,
        /// Its length.
        found: usize,
        /// The first one's length.
        expected: usize,
    },
    /// A value is NaN or infinite, or its square is.
    #[error("row {row} of series {series} is {value}, no number that has a square: leave the row out")]
    NotFinite {
        /// Which series.
        series: usize,
        /// Which row.
        row: usize,
        /// The value found.
        value: f64,
    },
    /// A series that isn't there.
    #[error("there is no series {series}")]
    NoSuchSeries {
        /// Its number.
        series: usize,
    },
    /// The minimum wasn't reached.
    #[error("the weights did not converge: after {steps} steps a share of {gap:.1e} of the squares was left to gain")]
    NotConverged {
        /// Steps taken.
        steps: usize,
        /// Gap over the largest square.
        gap: f64,
    },
}

/// Sums of products of series, by which any of them can be approached by any others.
#[derive(Debug, Clone, PartialEq)]
pub struct Products {
    width: usize,
    /// Square, row by row.
    values: Vec<f64>,
}

/// Weights on the simplex.
#[derive(Debug, Clone, PartialEq)]
pub struct SimplexFit {
    /// Columns with a weight and their weights, all above 0, in the columns' order; they add up to 1.
    pub weights: Vec<(usize, f64)>,
    /// Columns that entered or left on the way.
    pub steps: usize,
    /// How far the worst column falls short of the condition of a minimum, as a share of the largest square: 0 up to rounding.
    pub gap: f64,
}

/// The weights of `columns` nearest to `target`; the number of a column is its place.
///
/// # Errors
/// [`SimplexError`]; series 0 is the target, column j series j + 1.
pub fn fit(target: &[f64], columns: &[&[f64]]) -> Result<SimplexFit, SimplexError> {
    let series: Vec<&[f64]> = std::iter::once(target).chain(columns.iter().copied()).collect();
    let pool: Vec<usize> = (1..series.len()).collect();
    let mut found = Products::of(&series)?.nearest(0, &pool)?;
    found.weights.iter_mut().for_each(|(column, _)| *column -= 1);
    Ok(found)
}

impl Products {
    /// Products of each two series of one length.
    ///
    /// # Errors
    /// [`SimplexError`] for no rows, lengths that differ, and values whose squares aren't finite.
    pub fn of(series: &[&[f64]]) -> Result<Self, SimplexError> {
        let rows = series.first().ok_or(SimplexError::NoColumn)?.len();
        if rows == 0 {
            return Err(SimplexError::NoRow);
        }
        let largest = (f64::MAX / (8.0 * rows as f64)).sqrt();
        for (number, values) in series.iter().enumerate() {
            if values.len() != rows {
                return Err(SimplexError::LengthsDiffer { series: number, found: values.len(), expected: rows });
            }
            // Not finite, or so large that a sum of squared differences might not be.
            if let Some((row, value)) = values.iter().enumerate().find(|(_, value)| !(value.abs() < largest)) {
                return Err(SimplexError::NotFinite { series: number, row, value: *value });
            }
        }
        let width = series.len();
        let mut values = vec![0.0; width * width];
        for (row, left) in series.iter().enumerate() {
            for (column, right) in series.iter().enumerate().take(row + 1) {
                let product = super::moment::sum_of_pairs(left, right, |left, right| left * right);
                for place in [row * width + column, column * width + row] {
                    if let Some(slot) = values.get_mut(place) {
                        *slot = product;
                    }
                }
            }
        }
        Ok(Self { width, values })
    }

    /// Sum of products of two series; 0 for one that isn't there.
    pub fn get(&self, left: usize, right: usize) -> f64 {
        if right >= self.width { 0.0 } else { self.values.get(left * self.width + right).copied().unwrap_or(0.0) }
    }

    /// The weights of the series named in `pool` nearest to the series `target`; the columns of the answer are numbers of series. One
    /// that is named twice takes part once.
    ///
    /// # Errors
    /// [`SimplexError`] for an empty pool, a series that isn't there, and a minimum that wasn't reached.
    pub fn nearest(&self, target: usize, pool: &[usize]) -> Result<SimplexFit, SimplexError> {
        let unknown = pool.iter().chain([&target]).find(|series| **series >= self.width);
        if let Some(series) = unknown {
            return Err(SimplexError::NoSuchSeries { series: *series });
        }
        if pool.is_empty() {
            return Err(SimplexError::NoColumn);
        }
        let own = self.get(target, target);
        let mut products = Vec::with_capacity(pool.len() * pool.len());
        for left in pool {
            let shift = own - self.get(*left, target);
            products.extend(pool.iter().map(|right| (self.get(*left, *right) - self.get(*right, target)) + shift));
        }
        let mut search = Search::new(&products, pool.len());
        search.run();
        let gap = search.gap();
        if gap > LARGEST_GAP {
            return Err(SimplexError::NotConverged { steps: search.steps, gap });
        }
        let mut weights: Vec<(usize, f64)> =
            search.inside.iter().zip(&search.weights).filter_map(|(place, weight)| Some((*pool.get(*place)?, *weight))).collect();
        weights.sort_unstable_by_key(|(series, _)| *series);
        Ok(SimplexFit { weights, steps: search.steps, gap })
    }

    /// What the error of estimated weights adds to a forecast, for the columns that have one (see [`Face`]). None when the columns can't be
    /// told apart.
    pub fn face(&self, columns: &[usize]) -> Option<Face> {
        let diagonal = columns.iter().map(|column| self.get(*column, *column)).sum::<f64>();
        let shift = diagonal / columns.len().max(1) as f64;
        let mut factor = Factor::default();
        for (end, column) in columns.iter().enumerate() {
            let row: Vec<f64> = columns.iter().take(end + 1).map(|other| self.get(*column, *other) + shift).collect();
            if !factor.append(&row) {
                return None;
            }
        }
        let ones = factor.solve(&vec![1.0; columns.len()]);
        Some(Face { total: ones.iter().sum(), factor })
    }
}

/// The directions in which weights can move that add up to 1, over the columns X that have a weight.
///
/// Given those columns, the weights are the least-squares ones under `1'w = 1`; with residual variance s² their covariance is s² times
/// `A⁻¹ − A⁻¹11'A⁻¹ / (1'A⁻¹1)`, `A = X'X` (Theil 1971, Principles of Econometrics, §1.8; the same for `A + c11'`, which is held here).
#[derive(Debug, Clone, PartialEq)]
pub struct Face {
    factor: Factor,
    total: f64,
}

impl Face {
    /// `r'(A⁻¹ − A⁻¹11'A⁻¹ / (1'A⁻¹1))r`, never negative: times s² the variance that estimated weights add to a sum of forecasts, r the
    /// columns' sums over them. None when the length differs or the result isn't finite.
    pub fn form(&self, sums: &[f64]) -> Option<f64> {
        if sums.len() != self.factor.order {
            return None;
        }
        // About their mean: what all columns have in common costs no digits, for the weights add up to 1.
        let middle = sums.iter().sum::<f64>() / sums.len() as f64;
        let centred: Vec<f64> = sums.iter().map(|sum| sum - middle).collect();
        let solved = self.factor.solve(&centred);
        let square: f64 = centred.iter().zip(&solved).map(|(one, other)| one * other).sum();
        let along: f64 = solved.iter().sum();
        let form = (square - along * along / self.total).max(0.0);
        form.is_finite().then_some(form)
    }
}

/// The active set and its weights.
struct Search<'a> {
    products: &'a [f64],
    count: usize,
    /// Largest diagonal: the unit of all tolerances. 1 where all columns are the target.
    scale: f64,
    /// What is added to every product so that the system of a set of columns is regular (c² above).
    shift: f64,
    /// Columns that are in, in the order in which they came, with their weights.
    inside: Vec<usize>,
    weights: Vec<f64>,
    /// Columns that were tried at the present weights and brought nothing.
    idle: Vec<bool>,
    factor: Factor,
    steps: usize,
}

impl<'a> Search<'a> {
    fn new(products: &'a [f64], count: usize) -> Self {
        let diagonal = || (0..count).filter_map(|place| products.get(place * count + place)).copied();
        let scale = diagonal().fold(0.0, f64::max);
        let scale = if scale > 0.0 { scale } else { 1.0 };
        let mut first = (0, f64::INFINITY);
        for (place, square) in diagonal().enumerate() {
            if square < first.1 {
                first = (place, square);
            }
        }
        let shift = diagonal().sum::<f64>() / count as f64;
        let shift = if shift > 0.0 { shift } else { 1.0 };
        let mut search = Self {
            products,
            count,
            scale,
            shift,
            inside: vec![first.0],
            weights: vec![1.0],
            idle: vec![false; count],
            factor: Factor::default(),
            steps: 0,
        };
        search.refactor();
        search
    }

    fn product(&self, left: usize, right: usize) -> f64 {
        self.products.get(left * self.count + right).copied().unwrap_or(0.0)
    }

    /// D'Dw, a value a column, and w'D'Dw.
    fn slopes(&self) -> (Vec<f64>, f64) {
        let mut slopes = vec![0.0; self.count];
        for (place, weight) in self.inside.iter().zip(&self.weights) {
            let row = self.products.get(place * self.count..(place + 1) * self.count).unwrap_or(&[]);
            for (slope, product) in slopes.iter_mut().zip(row) {
                *slope += weight * product;
            }
        }
        let level = self.inside.iter().zip(&self.weights).map(|(place, weight)| weight * slopes.get(*place).copied().unwrap_or(0.0)).sum();
        (slopes, level)
    }

    fn gap(&self) -> f64 {
        let (slopes, level) = self.slopes();
        let lowest = slopes.into_iter().fold(f64::INFINITY, f64::min);
        ((level - lowest) / self.scale).max(0.0)
    }

    fn run(&mut self) {
        let most = 100 + 20 * self.count;
        while self.steps < most {
            let (slopes, level) = self.slopes();
            let mut best: Option<(usize, f64)> = None;
            for (place, slope) in slopes.iter().enumerate() {
                let promises = level - slope > ENTRANCE * self.scale;
                if promises
                    && self.idle.get(place) == Some(&false)
                    && !self.inside.contains(&place)
                    && best.is_none_or(|(_, held)| *slope < held)
                {
                    best = Some((place, *slope));
                }
            }
            let Some((place, _)) = best else { return };
            self.steps += 1;
            let (inside, weights) = (self.inside.clone(), self.weights.clone());
            let better = self.enter(place) && self.slopes().1 < level;
            if better {
                self.idle.fill(false);
            } else {
                (self.inside, self.weights) = (inside, weights);
                self.refactor();
                if let Some(slot) = self.idle.get_mut(place) {
                    *slot = true;
                }
            }
        }
    }

    /// Takes a column in, and those out whose weight would be negative; false when it can't be told from those that are in.
    fn enter(&mut self, place: usize) -> bool {
        let row = self.system_row(place);
        if !self.factor.append(&row) {
            return false;
        }
        self.inside.push(place);
        self.weights.push(0.0);
        loop {
            let Some(goal) = self.solve() else { return false };
            if goal.iter().all(|weight| *weight > 0.0) {
                self.weights = goal;
                return true;
            }
            // As far towards the goal as all weights stay at 0 or above; who reaches 0 there leaves.
            let reach = |(held, goal): (&f64, &f64)| if *goal > 0.0 { 1.0 } else { held / (held - goal) };
            let share = self.weights.iter().zip(&goal).map(reach).fold(1.0, f64::min);
            let mut kept = Vec::with_capacity(self.inside.len());
            for (pair, (column, held)) in self.weights.iter().zip(&goal).zip(self.inside.iter().zip(&self.weights)) {
                let moved = held + share * (pair.1 - held);
                if !(*pair.1 <= 0.0 && reach(pair) <= share) && moved > 0.0 {
                    kept.push((*column, moved));
                }
            }
            if kept.is_empty() || kept.len() == self.inside.len() {
                return false;
            }
            self.steps += self.inside.len() - kept.len();
            (self.inside, self.weights) = kept.into_iter().unzip();
            if !self.refactor() {
                return false;
            }
        }
    }

    /// Products of a column with those that are in and with itself, shifted.
    fn system_row(&self, place: usize) -> Vec<f64> {
        self.inside.iter().chain([&place]).map(|other| self.product(place, *other) + self.shift).collect()
    }

    fn refactor(&mut self) -> bool {
        self.factor.clear();
        (0..self.inside.len()).all(|end| {
            let Some(place) = self.inside.get(end) else { return false };
            let row: Vec<f64> = self.inside.iter().take(end + 1).map(|other| self.product(*place, *other) + self.shift).collect();
            self.factor.append(&row)
        })
    }

    /// The weights, of either sign, that minimise over the columns that are in; None when they aren't numbers.
    fn solve(&self) -> Option<Vec<f64>> {
        let ones = vec![1.0; self.inside.len()];
        let mut found = self.factor.solve(&ones);
        // One step of refinement.
        let rest: Vec<f64> = self
            .inside
            .iter()
            .map(|left| {
                let total: f64 =
                    self.inside.iter().zip(&found).map(|(right, value)| (self.product(*left, *right) + self.shift) * value).sum();
                1.0 - total
            })
            .collect();
        for (value, correction) in found.iter_mut().zip(self.factor.solve(&rest)) {
            *value += correction;
        }
        let total: f64 = found.iter().sum();
        found.iter_mut().for_each(|value| *value /= total);
        found.iter().all(|value| value.is_finite()).then_some(found)
    }
}

/// A Cholesky factor that grows by rows: row i holds i + 1 values.
#[derive(Debug, Clone, PartialEq, Default)]
struct Factor {
    rows: Vec<f64>,
    order: usize,
}

impl Factor {
    fn clear(&mut self) {
        self.rows.clear();
        self.order = 0;
    }

    fn row(&self, number: usize) -> &[f64] {
        let start = number * (number + 1) / 2;
        self.rows.get(start..start + number + 1).unwrap_or(&[])
    }

    /// Appends a row of the matrix (its part up to the diagonal); false when the matrix would be singular.
    fn append(&mut self, row: &[f64]) -> bool {
        let Some((diagonal, left)) = row.split_last() else { return false };
        let mut fresh: Vec<f64> = Vec::with_capacity(row.len());
        for (number, value) in left.iter().enumerate() {
            let held = self.row(number);
            let known: f64 = held.iter().zip(&fresh).map(|(one, other)| one * other).sum();
            let Some(pivot) = held.last() else { return false };
            fresh.push((value - known) / pivot);
        }
        let square = diagonal - fresh.iter().map(|value| value * value).sum::<f64>();
        if !(square > SMALLEST_PIVOT * diagonal) {
            return false;
        }
        fresh.push(square.sqrt());
        self.rows.extend(fresh);
        self.order += 1;
        true
    }

    /// Solution of `LL'x = right`.
    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut found: Vec<f64> = Vec::with_capacity(self.order);
        for (number, value) in right.iter().enumerate().take(self.order) {
            let held = self.row(number);
            let known: f64 = held.iter().zip(&found).map(|(one, other)| one * other).sum();
            found.push((value - known) / held.last().copied().unwrap_or(1.0));
        }
        for number in (0..self.order).rev() {
            let Some((pivot, left)) = self.row(number).split_last() else { continue };
            let value = found.get(number).copied().unwrap_or(0.0) / pivot;
            for (slot, held) in found.iter_mut().zip(left) {
                *slot -= held * value;
            }
            if let Some(slot) = found.get_mut(number) {
                *slot = value;
            }
        }
        found
    }
}
