//! The file in which the program remembers a firm's journal: a server cannot go back behind what it showed
//! before. It holds nothing secret. One run at a time has it, so that the second of two holds the journal to
//! what the first one saw.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read as _, Write};
use std::path::{Path, PathBuf};

use shared::client::memory::{MAX_MEMORY, MemoryV1};
use shared::ids::ObjectId;

use crate::private;
use crate::refusal::Refusal;

/// Where memories lie in a person's own folder when nobody says.
const HOME: &str = ".underseal";

/// The file, what it held, and the right to change it.
pub struct Memory {
    path: PathBuf,
    known: Option<MemoryV1>,
    /// Held until this is dropped: another run waits, in this program and in any other.
    _alone: File,
}

impl Memory {
    /// Reads the file when no other run has it; one that is not there yet is made when something was verified.
    ///
    /// # Errors
    /// When it cannot be locked or read, or is no memory: nothing is then asked as if there had been none.
    pub fn open(path: &Path, out: &mut impl Write) -> Result<Self, Refusal> {
        let path = std::path::absolute(path)?;
        let alone = alone(&path, out)?;
        let known = read(&path)?;
        Ok(Self { path, known, _alone: alone })
    }

    /// Where it lies when nobody says: beside the file with the words, otherwise in one folder of the person
    /// who runs the program, wherever that is done.
    ///
    /// # Errors
    /// Where the person has no folder.
    pub fn beside(words_file: Option<&Path>, site: &str, name: &str) -> Result<PathBuf, Refusal> {
        let host = site.rsplit("//").next().unwrap_or_default();
        let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '_' };
        let file = format!("underseal-{host}-{name}").chars().map(plain).collect::<String>();
        let file = file + ".memory";
        if let Some(folder) = words_file.and_then(Path::parent) {
            return Ok(folder.join(file));
        }
        let path = own_folder()?.join(&file);
        // Where it lay until now. What is known of the journal is not forgotten by looking elsewhere.
        if !path.exists() && Path::new(&file).exists() {
            return Err(Refusal::cannot(format!(
                "A memory lies in this folder: {file}. Move it to {}, or name it with --memory.",
                path.display()
            )));
        }
        Ok(path)
    }

    /// What it held.
    #[must_use]
    pub const fn known(&self) -> Option<&MemoryV1> {
        self.known.as_ref()
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps what was verified now. The file is whole at every moment: the old one, then the new one.
    ///
    /// # Errors
    /// When it cannot be written, when something that takes no lock changed it meanwhile, or when what was
    /// verified goes less far than what is kept.
    pub fn keep(&self, memory: &MemoryV1, out: &mut impl Write) -> Result<(), Refusal> {
        let path = self.path.display();
        if read(&self.path)? != self.known {
            return Err(Refusal::cannot(format!(
                "The file {path} was changed by something else while this ran. It stays as it is. Ask again."
            )));
        }
        if self.known.as_ref().is_some_and(|known| !memory.goes_as_far_as(known)) {
            return Err(Refusal::broken(format!(
                "What was verified now is older than what is kept in {path}. It stays as it is."
            )));
        }
        let part = beside(&self.path, &format!(".{}.part", ObjectId::random()));
        let written = private::new_file(&part).and_then(|mut file| {
            file.write_all(&memory.write())?;
            file.sync_all()
        });
        if let Err(error) = written.and_then(|()| fs::rename(&part, &self.path)) {
            let _ = fs::remove_file(&part);
            return Err(error.into());
        }
        match self.known {
            None => writeln!(
                out,
                "This is the first look from here: there was nothing older to compare with. What was verified \
                 is kept in {path}, so that this portal cannot go back behind it the next time."
            )?,
            Some(_) => writeln!(out, "It continues what was verified before ({path}).")?,
        }
        Ok(())
    }
}

/// Waits until no other run has this memory. The lock is on a file beside it that stays, because the memory
/// itself is another file each time it is kept.
fn alone(path: &Path, out: &mut impl Write) -> Result<File, Refusal> {
    let place = beside(path, ".lock");
    private::folder(path.parent().unwrap_or(path))?;
    let mut options = OpenOptions::new();
    options.read(true).append(true);
    let file = match private::new_file(&place) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => options.open(&place)?,
        other => other?,
    };
    let locked = match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            writeln!(out, "Another run has {}. This one waits for it.", path.display())?;
            out.flush()?;
            file.lock()
        }
        Err(TryLockError::Error(error)) => Err(error),
    };
    locked.map_err(|error| {
        let place = place.display();
        Refusal::cannot(format!(
            "The file {place} cannot be locked: {error}. Name a memory elsewhere."
        ))
    })?;
    Ok(file)
}

fn read(path: &Path) -> Result<Option<MemoryV1>, Refusal> {
    let mut bytes = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(MAX_MEMORY as u64 + 1).read_to_end(&mut bytes)?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    MemoryV1::read(&bytes).map(Some).map_err(|_| {
        Refusal::cannot(format!(
            "The file {} is not what this program keeps of a journal: it was changed, or is another file.",
            path.display()
        ))
    })
}

fn own_folder() -> Result<PathBuf, Refusal> {
    let home = std::env::home_dir().filter(|home| home.is_absolute());
    home.map(|home| home.join(HOME)).ok_or_else(|| {
        Refusal::cannot("You have no folder of your own here. Name a file with --memory.")
    })
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}
