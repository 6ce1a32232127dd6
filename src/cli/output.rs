//! Files out: everything is made in memory, written beside its place under a passing name, and only then renamed, so that no partly
//! written file is ever left under its final name.

use std::io::Write;
use std::path::Path;

use tempfile::NamedTempFile;

use super::failure::Failure;

/// A file to write.
pub(super) struct OutputFile {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Writes all files into the folder. Nothing takes its final name before everything is written; a name that a folder has is refused first.
pub(super) fn write_all(folder: &Path, files: &[OutputFile]) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|reason| Failure::unwritable(folder, &reason))?;
    let mut written = Vec::with_capacity(files.len());
    if let Some(taken) = files.iter().map(|file| folder.join(&file.name)).find(|path| path.is_dir()) {
        return Err(Failure::plain(format!("can't write {}: a folder has that name", taken.display()), "choose another folder with --out"));
    }
    for file in files {
        let path = folder.join(&file.name);
        let mut passing = NamedTempFile::new_in(folder).map_err(|reason| Failure::unwritable(folder, &reason))?;
        passing.write_all(&file.bytes).and_then(|()| passing.flush()).map_err(|reason| Failure::unwritable(&path, &reason))?;
        make_readable(&passing).map_err(|reason| Failure::unwritable(&path, &reason))?;
        written.push((passing, path));
    }
    for (passing, path) in written {
        passing.persist(&path).map_err(|refused| Failure::unwritable(&path, &refused.error))?;
    }
    Ok(())
}

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
