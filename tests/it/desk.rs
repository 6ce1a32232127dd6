//! The program run as a user would: the built binary, in a folder of its own.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder with a copy of the built-in study, to run and to break.
pub(super) struct Desk {
    pub folder: TempDir,
}

impl Desk {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn with_study() -> Self {
        let desk = Self::new();
        fs::create_dir(desk.path("mine")).unwrap();
        for file in ["study.toml", "article.toml", "prices.csv", "manifest.toml"] {
            let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/cloudflare-kiwi-farms-2022").join(file);
            fs::copy(from, desk.path("mine").join(file)).unwrap();
        }
        desk
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Replaces text in a file of the study; the manifest goes, since it describes the file as it was.
    pub fn change(&self, file: &str, from: &str, to: &str) {
        let path = self.path("mine").join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} lacks {from:?}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let _ = fs::remove_file(self.path("mine/manifest.toml"));
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::of(Command::new(env!("CARGO_BIN_EXE_aftermove")).args(arguments).current_dir(self.folder.path()).output().unwrap())
    }

    /// The same with standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aftermove"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = command.spawn().unwrap();
        let mut stdin = running.stdin.take().unwrap();
        // The program may end before it has read all.
        let _ = stdin.write_all(input);
        drop(stdin);
        Run::of(running.wait_with_output().unwrap())
    }

    /// Names of everything in the study's output folder.
    pub fn written(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path(folder)) else { return Vec::new() };
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

#[derive(Debug)]
pub(super) struct Run {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    pub fn of(output: Output) -> Self {
        Self {
            status: output.status.code().expect("the program ended by itself"),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Standard output as JSON.
    pub fn json(&self) -> serde_json::Value {
        assert_eq!(self.status, 0, "{self:?}");
        serde_json::from_str(&self.stdout).unwrap()
    }

    /// Asserts one error with all of these in its message, and no panic.
    pub fn fails_saying(&self, wanted: &[&str]) {
        assert_eq!(self.status, 2, "{self:?}");
        assert!(self.stdout.is_empty(), "{self:?}");
        // Lines are folded to a terminal's width: compare without the folds.
        let message: String = self.stderr.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
        for words in wanted {
            assert!(message.contains(words), "no {words:?} in\n{}", self.stderr);
        }
        assert!(!message.contains("panicked"), "{message}");
        assert_eq!(message.matches('×').count(), 1, "one message, printed once: {message}");
    }
}
