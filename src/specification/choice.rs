//! What else is reasonable: the alternatives that a specification curve combines.

use super::Specification;
use crate::model::ExpectedReturnModel;
use crate::window::Window;

/// Alternatives; a study's own choice needn't be among them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Choices {
    /// Expected-return models.
    pub models: Vec<ExpectedReturnModel>,
    /// Estimation windows.
    pub estimations: Vec<Window>,
    /// Windows of cumulation.
    pub windows: Vec<Window>,
    /// Symbols of benchmarks.
    pub benchmarks: Vec<String>,
}

/// Sessions by which an estimation window is moved back, away from what may have been known before the news.
const MOVED_BACK: i32 = 20;

impl Choices {
    /// The usual alternatives to a study's own choice: the models that need prices alone, the estimation window as it is, its later half,
    /// and both a month (20 sessions) earlier, and `windows` as they are.
    pub fn usual(estimation: Window, windows: &[Window]) -> Self {
        let half = (estimation.first() + estimation.last()) / 2;
        let pairs = [
            (estimation.first(), estimation.last()),
            (half, estimation.last()),
            (estimation.first() - MOVED_BACK, estimation.last() - MOVED_BACK),
            (half - MOVED_BACK, estimation.last() - MOVED_BACK),
        ];
        Self {
            models: vec![
                ExpectedReturnModel::Market,
                ExpectedReturnModel::MarketAdjusted,
                ExpectedReturnModel::ConstantMean,
                ExpectedReturnModel::ScholesWilliams,
                ExpectedReturnModel::Dimson { lags: 1, leads: 1 },
            ],
            estimations: pairs.iter().filter_map(|(first, last)| Window::new(*first, *last).ok()).collect(),
            windows: windows.to_vec(),
            benchmarks: Vec::new(),
        }
    }

    /// The alternatives with the study's own choice first, each once.
    pub(super) fn with(&self, own: &Specification) -> Self {
        Self {
            models: once(own.model, &self.models),
            estimations: once(own.estimation, &self.estimations),
            windows: once(own.window, &self.windows),
            benchmarks: once(own.benchmark.clone(), &self.benchmarks),
        }
    }

    /// Every model, estimation window and benchmark together; windows of cumulation come with each.
    pub(super) fn combinations(&self) -> Vec<(ExpectedReturnModel, Window, String)> {
        let mut combinations = Vec::new();
        for model in &self.models {
            for estimation in &self.estimations {
                // A mean of the security's own needs no benchmark but for its sessions: another one would be the same estimate again.
                let benchmarks = if *model == ExpectedReturnModel::ConstantMean { 1 } else { self.benchmarks.len() };
                combinations.extend(self.benchmarks.iter().take(benchmarks).map(|benchmark| (*model, *estimation, benchmark.clone())));
            }
        }
        combinations
    }

    /// The event window that covers all windows of cumulation.
    pub(super) fn hull(&self) -> Window {
        let first = self.windows.iter().map(|window| window.first()).min().unwrap_or(0);
        let last = self.windows.iter().map(|window| window.last()).max().unwrap_or(0);
        Window::new(first, last).unwrap_or(Window::DAY_ZERO)
    }
}

fn once<T: PartialEq + Clone>(own: T, others: &[T]) -> Vec<T> {
    let mut all = vec![own];
    for other in others {
        if !all.contains(other) {
            all.push(other.clone());
        }
    }
    all
}
