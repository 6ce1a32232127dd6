//! Charts: a [`Figure`] is data, [`draw`](draw::draw) makes SVG of it, [`raster`] makes PNG of that, or SVG without fonts.
//!
//! ```text
//! StudyResult  → figures        → Figure → (layout) → SVG → PNG, or SVG with letters as paths
//! SampleResult, IntradayResult → sample_figures, intraday_figures ↗
//! ```
//!
//! Everything a figure says comes from the result of a study; the only arithmetic here is that of layout. One style holds for all
//! ([`style`]), at a size for pages and one for phones ([`Size`]).

mod abnormal_returns;
mod abnormal_volume;
mod caption;
mod claims;
pub mod draw;
pub mod figure;
mod font;
mod heading;
mod intraday;
mod label;
mod layout;
mod mark;
mod market_model;
mod panel;
mod placebo;
pub mod raster;
mod rebased_performance;
mod relative_strength;
mod rolling_beta;
mod row;
mod sample;
mod scale;
mod scene;
mod simulation;
mod specification;
mod start_date;
pub mod style;

pub use draw::{DrawError, Drawing, draw};
pub use figure::Figure;
pub use intraday::intraday_figures;
pub use raster::{RasterError, to_outlines, to_png};
pub use sample::sample_figures;
pub use style::Size;

use crate::simulation::SimulationResult;
use crate::study::StudyResult;

/// The figures of a study: the article's figures first, then each event's. A figure whose data the result lacks is left out.
pub fn figures(result: &StudyResult) -> Vec<Figure> {
    let mut figures = Vec::new();
    figures.extend(claims::figure(result));
    figures.extend(start_date::figures(result));
    for event in &result.events {
        let of_event = [
            rebased_performance::figure(result, event),
            relative_strength::figure(result, event),
            abnormal_returns::figure(result, event),
            placebo::figure(result, event),
            market_model::figure(result, event),
            rolling_beta::figure(result, event),
            abnormal_volume::figure(result, event),
            specification::figure(result, event),
        ];
        figures.extend(of_event.into_iter().flatten());
    }
    figures
}

/// The figures of a simulation: how often each test rejected; with several planted returns, how that grows with them.
pub fn simulation_figures(result: &SimulationResult) -> Vec<Figure> {
    [simulation::rates(result), simulation::power(result)].into_iter().flatten().collect()
}
