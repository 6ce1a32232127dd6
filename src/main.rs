//! The command line of aftermove: parse, run, print an error once, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    aftermove::cli::main()
}
