//! The command line: the only place that reads arguments and prints. One file a command.

mod argument;
mod article;
mod batch;
mod check;
mod claim_row;
mod extract;
mod failure;
mod intraday;
mod output;
mod progress;
mod report;
mod run;
mod simulate;
mod sink;
mod study;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use argument::{Arguments, Command};

/// Runs the program on its arguments. Exit status: 0 it ran; 1 it ran and, with `--strict`, a claim is contradicted, an event
/// excluded, or one of many articles broken; 2 an error, with one message.
pub fn main() -> ExitCode {
    hide_guarded_panics();
    let mut arguments = Arguments::parse();
    if let Some(threads) = arguments.options.threads {
        // A pool that exists already keeps its size; nothing built one before this line.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    }
    let is_intraday = matches!(arguments.command, Some(Command::Intraday(_)));
    let sessions = if is_intraday { Ok(()) } else { arguments.options.in_sessions() };
    let outcome = match &arguments.command {
        _ if let Err(span) = sessions => Err(failure::Failure::plain(
            format!("the window {span} is in minutes, and this command counts sessions"),
            "write it as -10..10; minutes are for aftermove intraday",
        )),
        None => run::built_in(&arguments.options),
        Some(Command::Run(run)) => run::file(&run.study, &arguments.options),
        Some(Command::Check(check)) => check::articles(check, &arguments.options),
        Some(Command::Study(study)) => study::events(study, &arguments.options),
        Some(Command::Intraday(intraday)) => intraday::events(intraday, &arguments.options),
        Some(Command::Extract(extract)) => extract::articles(extract, &arguments.options),
        Some(Command::Simulate(simulate)) => simulate::simulate(simulate, &arguments.options),
    };
    match outcome {
        Ok(passed) => ExitCode::from(u8::from(!passed)),
        Err(failure) => {
            // When stderr is closed there is nobody left to tell.
            let _ = write!(std::io::stderr().lock(), "{:?}", miette::Report::new(failure));
            ExitCode::from(2)
        }
    }
}

/// polars panics on some damaged Parquet files; the reader turns that into an error with a message of its own, which is enough.
fn hide_guarded_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !panic.location().is_some_and(|location| location.file().contains("polars")) {
            usual(panic);
        }
    }));
}
