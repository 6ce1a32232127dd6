//! The command line: the only place that reads arguments and prints. One file a command.

mod argument;
mod check;
mod failure;
mod output;
mod progress;
mod run;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use argument::{Arguments, Command};

/// Runs the program on its arguments. Exit status: 0 it ran; 1 it ran and, with `--strict`, a claim is contradicted or an event
/// excluded; 2 an error, with one message.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(threads) = arguments.options.threads {
        // A pool that exists already keeps its size; nothing built one before this line.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    }
    let outcome = match &arguments.command {
        None => run::built_in(&arguments.options),
        Some(Command::Run(run)) => run::file(&run.study, &arguments.options),
        Some(Command::Check(check)) => check::article(check, &arguments.options),
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
