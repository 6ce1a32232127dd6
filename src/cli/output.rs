//! Files out: everything is made in memory, written beside its place under a passing name, and only then renamed, so that no partly
//! written file is ever left under its final name.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::failure::Failure;

/// A file to write.
pub(super) struct OutputFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Writes all files into the folder. Nothing takes its final name before everything is written; a name that a folder has is refused first.
pub(super) fn write_all(folder: &Path, files: &[OutputFile]) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|reason| Failure::unwritable(folder, &reason, "--out"))?;
    let mut written = Vec::with_capacity(files.len());
    if let Some(taken) = files.iter().map(|file| folder.join(&file.name)).find(|path| path.is_dir()) {
        return Err(Failure::plain(format!("can't write {}: a folder has that name", taken.display()), "choose another folder with --out"));
    }
    for file in files {
        let path = folder.join(&file.name);
        let mut passing = NamedTempFile::new_in(folder).map_err(|reason| Failure::unwritable(folder, &reason, "--out"))?;
        remove_when_interrupted(passing.path().to_owned());
        passing.write_all(&file.bytes).and_then(|()| passing.flush()).map_err(|reason| Failure::unwritable(&path, &reason, "--out"))?;
        make_readable(&passing).map_err(|reason| Failure::unwritable(&path, &reason, "--out"))?;
        written.push((passing, path));
    }
    for (passing, path) in written {
        passing.persist(&path).map_err(|refused| Failure::unwritable(&path, &refused.error, "--out"))?;
    }
    Ok(())
}

/// A file that grows under a passing name, and takes its own when it is whole. Until then an error or Ctrl-C leaves nothing of it.
pub(super) struct GrowingFile {
    passing: NamedTempFile,
    path: PathBuf,
    /// The option that says where it goes.
    option: &'static str,
}

impl GrowingFile {
    /// Begins a file that `option` (`--to`, `--out`) places; its folder is made if it isn't there.
    pub(super) fn create(path: &Path, option: &'static str) -> Result<Self, Failure> {
        if path.is_dir() {
            return Err(Failure::plain(
                format!("can't write {}: a folder has that name", path.display()),
                format!("choose another place with {option}"),
            ));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(|reason| Failure::unwritable(folder, &reason, option))?;
        let passing = NamedTempFile::new_in(folder).map_err(|reason| Failure::unwritable(folder, &reason, option))?;
        remove_when_interrupted(passing.path().to_owned());
        Ok(Self { passing, path: path.to_owned(), option })
    }

    /// The file to write to.
    pub(super) fn handle(&self) -> Result<File, Failure> {
        self.passing.as_file().try_clone().map_err(|reason| self.failed(&reason))
    }

    /// Gives the file its name.
    pub(super) fn keep(self) -> Result<(), Failure> {
        make_readable(&self.passing).map_err(|reason| self.failed(&reason))?;
        let (path, option) = (self.path, self.option);
        self.passing.persist(&path).map(|_| ()).map_err(|refused| Failure::unwritable(&path, &refused.error, option))
    }

    /// It can't be written on.
    pub(super) fn failed(&self, reason: &std::io::Error) -> Failure {
        Failure::unwritable(&self.path, reason, self.option)
    }
}

/// Passing files that a signal has to remove: a process that it ends runs no destructors.
#[cfg(unix)]
static PASSING: std::sync::Mutex<Vec<PathBuf>> = std::sync::Mutex::new(Vec::new());

/// Names the file to the one thread that waits for a signal, which removes all that are named.
#[cfg(unix)]
fn remove_when_interrupted(path: PathBuf) {
    static WAITING: std::sync::Once = std::sync::Once::new();
    if let Ok(mut passing) = PASSING.lock() {
        passing.push(path);
    }
    WAITING.call_once(|| {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        let Ok(mut signals) = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM]) else { return };
        std::thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                if let Ok(passing) = PASSING.lock() {
                    for path in passing.iter() {
                        // One that has taken its final name is no longer there under this one.
                        let _ = std::fs::remove_file(path);
                    }
                }
                let _ = signal_hook::low_level::emulate_default_handler(signal);
            }
        });
    });
}

#[cfg(not(unix))]
fn remove_when_interrupted(_path: PathBuf) {}

/// Passing files are the owner's alone; what is shared is readable to all, as a file made in the ordinary way.
#[cfg(unix)]
fn make_readable(file: &NamedTempFile) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_file: &NamedTempFile) -> std::io::Result<()> {
    Ok(())
}
