//! What the events of one benchmark share: its sessions, the model's regressors on them, and the securities' returns on them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rayon::prelude::*;

use super::control::Controls;
use super::{SampleDesign, SampleError};
use crate::calendar::{Exchange, Sessions};
use crate::event::list::{EventList, SymbolNumber};
use crate::factor::{FactorError, FactorTable};
use crate::model::ExpectedReturnModel;
use crate::model::trade_to_trade::Joining;
use crate::panel::ReturnColumn;
use crate::series::{PriceBook, ReturnKind};

/// Sessions, and what stands on them whatever the benchmark. Benchmarks with the same sessions share one.
pub(super) struct Grid {
    pub sessions: Sessions,
    /// Place of each session among the sessions of all grids: the calendar days by which residuals of two events are paired.
    pub calendar: Vec<u32>,
    /// Returns (excess returns under a model of excess returns) by number of the symbol; None for symbols without prices or events here.
    pub securities: Vec<Option<ReturnColumn>>,
    /// Risk-free return; None unless the model is one of excess returns.
    pub risk_free: Option<ReturnColumn>,
}

impl Grid {
    /// Returns of a symbol; None without prices.
    pub fn security(&self, symbol: SymbolNumber) -> Option<&ReturnColumn> {
        self.securities.get(symbol as usize)?.as_ref()
    }
}

/// A benchmark on its grid.
pub(super) struct Market {
    pub grid: usize,
    pub benchmark: String,
    /// Regressors of the model; for a model without any, the benchmark's return, whose days count all the same.
    pub regressors: Vec<ReturnColumn>,
    /// Further columns that the fit alone needs, not the forecast: the benchmark's returns of the sessions before a day, nearest first, then
    /// of those after it.
    pub neighbours: Vec<ReturnColumn>,
    /// How the benchmark's returns are put together where returns are paired from trade to trade; None where they aren't.
    pub trades: Option<Joining>,
}

/// All markets of a study.
pub(super) struct Markets {
    pub grids: Vec<Grid>,
    pub markets: Vec<Market>,
    /// Market of each benchmark's symbol number; of the study's own benchmark under None.
    by_benchmark: BTreeMap<Option<SymbolNumber>, usize>,
    /// Union of all grids' sessions.
    pub calendar: Vec<NaiveDate>,
    /// Other securities from which expected returns are formed; none under most models.
    pub controls: Controls,
}

impl Markets {
    /// Market of an event's benchmark; None when that benchmark has no prices.
    pub fn of(&self, benchmark: Option<SymbolNumber>) -> Option<(usize, &Grid)> {
        let position = *self.by_benchmark.get(&benchmark)?;
        Some((position, self.grids.get(self.markets.get(position)?.grid)?))
    }

    /// Market and grid at a position that [`Markets::of`] gave.
    pub fn at(&self, position: usize) -> Option<(&Market, &Grid)> {
        let market = self.markets.get(position)?;
        Some((market, self.grids.get(market.grid)?))
    }

    /// Lays the prices that the events need on the sessions of their benchmarks.
    pub fn new(design: &SampleDesign, list: &EventList, book: &PriceBook) -> Result<Self, SampleError> {
        let factors = checked_factors(design)?;
        let mut markets = Self {
            grids: Vec::new(),
            markets: Vec::new(),
            by_benchmark: BTreeMap::new(),
            calendar: Vec::new(),
            controls: Controls::default(),
        };
        let own = markets.add(design, &design.benchmark, book, design.rule.exchange, factors.as_ref());
        markets.by_benchmark.insert(None, own.map_err(SampleError::Benchmark)?);
        let mut named: Vec<SymbolNumber> = list.events.iter().filter_map(|event| event.benchmark).collect();
        named.sort_unstable();
        named.dedup();
        for number in named {
            let symbol = list.symbol(number);
            let position = markets.markets.iter().position(|market| market.benchmark == symbol);
            let found = match position {
                Some(position) => Ok(position),
                None => markets.add(design, symbol, book, Exchange::of_benchmark(symbol), factors.as_ref()),
            };
            // An event whose own benchmark has no prices is an exclusion, not the end of the study.
            if let Ok(position) = found {
                markets.by_benchmark.insert(Some(number), position);
            }
        }
        markets.lay_out(design, list, book);
        markets.index_calendar();
        Ok(markets)
    }

    fn add(
        &mut self,
        design: &SampleDesign,
        benchmark: &str,
        book: &PriceBook,
        exchange: Option<Exchange>,
        factors: Option<&ModelFactors<'_>>,
    ) -> Result<usize, crate::series::UnknownSymbol> {
        let series = book.get(benchmark)?;
        let sessions = Sessions::from_dates(series.dates()).under(exchange);
        let same = self.grids.iter().position(|grid| grid.sessions == sessions);
        let grid = same.unwrap_or_else(|| {
            let risk_free = factors.and_then(|factors| factors.risk_free(sessions.dates()));
            self.grids.push(Grid { sessions, calendar: Vec::new(), securities: Vec::new(), risk_free });
            self.grids.len() - 1
        });
        let mut regressors = Vec::new();
        if let Some(held) = self.grids.get(grid) {
            let dates = held.sessions.dates();
            let own = ReturnColumn::of_prices(series, dates, design.rule.returns);
            regressors = match (factors, &held.risk_free) {
                (Some(_), Some(risk_free)) if design.model == ExpectedReturnModel::Capm => vec![own.less(risk_free)],
                (Some(factors), _) => factors.columns.iter().map(|column| on_sessions(factors.table, column, dates)).collect(),
                (None, _) => vec![own],
            };
        }
        let (lags, leads) = super::beta::neighbours(design.model);
        let shifts = (1..=lags).map(usize::cast_signed).chain((1..=leads).map(|lead| -lead.cast_signed()));
        let neighbours = regressors.first().map(|own| shifts.map(|shift| own.shifted(shift)).collect()).unwrap_or_default();
        let trades = design.beta.trade_to_trade.then_some(match design.rule.returns {
            ReturnKind::Simple => Joining::Compounded,
            ReturnKind::Log => Joining::Added,
        });
        self.markets.push(Market { grid, benchmark: benchmark.to_owned(), regressors, neighbours, trades });
        Ok(self.markets.len() - 1)
    }

    fn lay_out(&mut self, design: &SampleDesign, list: &EventList, book: &PriceBook) {
        let mut wanted = vec![vec![false; list.symbols.len()]; self.grids.len()];
        for event in &list.events {
            let Some(position) = self.by_benchmark.get(&event.benchmark) else { continue };
            let Some(market) = self.markets.get(*position) else { continue };
            if let Some(flag) = wanted.get_mut(market.grid).and_then(|flags| flags.get_mut(event.symbol as usize)) {
                *flag = true;
            }
        }
        for (grid, wanted) in self.grids.iter_mut().zip(&wanted) {
            let (dates, risk_free) = (grid.sessions.dates(), grid.risk_free.as_ref());
            grid.securities = list
                .symbols
                .par_iter()
                .zip(wanted)
                .map(|(symbol, wanted)| {
                    let series = book.get_exact(symbol).filter(|_| *wanted)?;
                    let column = ReturnColumn::of_prices(series, dates, design.rule.returns);
                    Some(match risk_free {
                        Some(risk_free) => column.less(risk_free),
                        None => column,
                    })
                })
                .collect();
        }
    }

    fn index_calendar(&mut self) {
        let mut all: Vec<NaiveDate> = self.grids.iter().flat_map(|grid| grid.sessions.dates()).copied().collect();
        all.sort_unstable();
        all.dedup();
        for grid in &mut self.grids {
            let place = |date: &NaiveDate| u32::try_from(all.partition_point(|held| held < date)).unwrap_or(u32::MAX);
            grid.calendar = grid.sessions.dates().iter().map(place).collect();
        }
        self.calendar = all;
    }
}

/// The factors that the study's model takes.
struct ModelFactors<'a> {
    table: &'a FactorTable,
    columns: Vec<&'a [Option<f64>]>,
}

impl ModelFactors<'_> {
    fn risk_free(&self, sessions: &[NaiveDate]) -> Option<ReturnColumn> {
        Some(on_sessions(self.table, self.table.risk_free()?, sessions))
    }
}

fn on_sessions(table: &FactorTable, values: &[Option<f64>], sessions: &[NaiveDate]) -> ReturnColumn {
    let there = table.dates().iter().zip(values).filter_map(|(date, value)| Some((*date, (*value)?)));
    ReturnColumn::on(there, sessions)
}

fn checked_factors(design: &SampleDesign) -> Result<Option<ModelFactors<'_>>, SampleError> {
    if !design.model.needs_factors() {
        return Ok(None);
    }
    let table = design.factors.as_ref().ok_or(SampleError::NoFactors { model: design.model.name() })?;
    if design.rule.returns == crate::series::ReturnKind::Log {
        return Err(SampleError::LogFactors);
    }
    let missing = |name: &str| SampleError::Factors(FactorError::Missing { name: name.to_owned(), there: table.names() });
    if table.risk_free().is_none() && design.model != ExpectedReturnModel::Factors {
        return Err(missing(crate::factor::RISK_FREE));
    }
    let columns = match design.model.factor_names() {
        Some(names) => {
            let found = names.iter().map(|name| table.column(name).map(|column| column.values.as_slice()).ok_or_else(|| missing(name)));
            found.collect::<Result<Vec<_>, _>>()?
        }
        None => table.columns().iter().map(|column| column.values.as_slice()).collect(),
    };
    Ok(Some(ModelFactors { table, columns }))
}
