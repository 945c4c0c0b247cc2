//! Writes a zip file piece by piece: stored entries only, sizes and offsets past 4 GiB (ZIP64), in
//! constant memory. What goes in is sealed already, so that squeezing it would gain nothing, and a
//! stored entry can be cut out of the file with the plainest of tools.
//!
//! An entry whose bytes are at hand is written with its checksum in front. One that streams has its
//! checksum behind it, in a data descriptor (APPNOTE 4.3.9), since nobody knows it before.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::crc32::Crc32;
use super::error::ClientError;
use crate::crypto::hash::{Hash32, Hasher};
use crate::intake::value::Date;
use crate::time::{DAY, Timestamp};

/// Takes what is written, in order: a file, a download, a test's vector.
#[allow(async_fn_in_trait, reason = "used on one thread only, in the browser and in tests")]
pub trait ExportSink {
    /// Hears about how many bytes will come, before the first of them: only what is long is
    /// counted. For whoever shows how far it is.
    fn expect(&mut self, _bytes: u64) {}

    /// Takes the next bytes; when this returns they need not be kept by the caller.
    ///
    /// # Errors
    /// [`ClientError::Store`] when they cannot be kept.
    async fn write(&mut self, bytes: &[u8]) -> Result<(), ClientError>;
}

impl ExportSink for Vec<u8> {
    async fn write(&mut self, bytes: &[u8]) -> Result<(), ClientError> {
        self.extend_from_slice(bytes);
        Ok(())
    }
}

/// Bit 3: sizes and checksum stand behind the entry. Bit 11: the name is UTF-8.
const STREAMED: u16 = 1 << 3;
const UTF8: u16 = 1 << 11;
/// In a 32-bit field: look into the ZIP64 extra field.
const ELSEWHERE: u32 = u32::MAX;
const ELSEWHERE_SMALL: u16 = u16::MAX;
/// "Version needed": 2.0 for plain entries, 4.5 for ZIP64.
const PLAIN: u16 = 20;
const LARGE: u16 = 45;
/// Made by version 4.5 on Unix, so that the permission bits below count.
const MADE_BY: u16 = 3 << 8 | LARGE;
/// A regular file that only its owner may read: exports are nobody else's business.
const OWNER_ONLY: u32 = 0o100_600 << 16;

/// An entry that is complete.
struct Entry {
    name: String,
    flags: u16,
    crc: u32,
    size: u64,
    offset: u64,
    digest: Hash32,
}

/// The entry being streamed.
struct Open {
    name: String,
    declared: u64,
    written: u64,
    offset: u64,
    crc: Crc32,
    hasher: Hasher,
}

/// A zip file under construction.
pub struct ZipWriter<'s, S: ExportSink> {
    sink: &'s mut S,
    /// Bytes written so far.
    offset: u64,
    /// MS-DOS time and date of every entry.
    stamp: [u16; 2],
    entries: Vec<Entry>,
    names: BTreeSet<String>,
    open: Option<Open>,
}

impl<'s, S: ExportSink> ZipWriter<'s, S> {
    /// Begins a zip file whose entries carry this instant (UTC; the format keeps two seconds).
    #[must_use]
    pub fn new(sink: &'s mut S, when: Timestamp) -> Self {
        Self {
            sink,
            offset: 0,
            stamp: dos_stamp(when),
            entries: Vec::new(),
            names: BTreeSet::new(),
            open: None,
        }
    }

    /// Writes an entry whose bytes are at hand.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] for a name that is taken or unsafe, or while another entry is open;
    /// the sink's error.
    pub async fn entry(&mut self, name: &str, bytes: &[u8]) -> Result<(), ClientError> {
        self.claim(name)?;
        let crc = Crc32::of(bytes);
        let size = bytes.len() as u64;
        let offset = self.offset;
        let head = local_header(name, UTF8, crc, size, self.stamp);
        self.put(&head).await?;
        self.put(bytes).await?;
        let digest = crate::crypto::hash::sha256(bytes);
        self.entries.push(Entry { name: name.to_string(), flags: UTF8, crc, size, offset, digest });
        Ok(())
    }

    /// Begins an entry of exactly `size` bytes; [`Self::write`] them, then [`Self::end`].
    ///
    /// # Errors
    /// As [`Self::entry`].
    pub async fn begin(&mut self, name: &str, size: u64) -> Result<(), ClientError> {
        self.claim(name)?;
        let offset = self.offset;
        let head = local_header(name, UTF8 | STREAMED, 0, size, self.stamp);
        self.put(&head).await?;
        self.open = Some(Open {
            name: name.to_string(),
            declared: size,
            written: 0,
            offset,
            crc: Crc32::default(),
            hasher: Hasher::new(),
        });
        Ok(())
    }

    /// Writes the next bytes of the entry that is open.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when none is open or it would grow past its size; the sink's error.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), ClientError> {
        let open = self.open.as_mut().ok_or(ClientError::Unfit)?;
        let written = open.written + bytes.len() as u64;
        if written > open.declared {
            return Err(ClientError::Unfit);
        }
        open.written = written;
        open.crc.update(bytes);
        open.hasher.update(bytes);
        self.put(bytes).await
    }

    /// Ends the entry that is open; gives the SHA-256 of its bytes.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] when it has not the size it was begun with; the sink's error.
    pub async fn end(&mut self) -> Result<Hash32, ClientError> {
        let open = self.open.take().ok_or(ClientError::Unfit)?;
        if open.written != open.declared {
            return Err(ClientError::Unfit);
        }
        let crc = open.crc.finish();
        let mut behind = Record::new(0x0807_4b50);
        behind.u32(crc);
        match small(open.written) {
            Some(size) => behind.u32(size).u32(size),
            None => behind.u64(open.written).u64(open.written),
        };
        self.put(&behind.0).await?;
        let digest = open.hasher.finish();
        self.entries.push(Entry {
            name: open.name,
            flags: UTF8 | STREAMED,
            crc,
            size: open.written,
            offset: open.offset,
            digest,
        });
        Ok(digest)
    }

    /// The SHA-256 of every entry so far, one line each, as `sha256sum -c` reads them.
    #[must_use]
    pub fn checksums(&self) -> String {
        use core::fmt::Write as _;
        let mut lines = String::new();
        for entry in &self.entries {
            // Writing to a String cannot fail.
            let _ = writeln!(lines, "{}  {}", entry.digest, entry.name);
        }
        lines
    }

    /// Writes the directory, which makes the file whole.
    ///
    /// # Errors
    /// [`ClientError::Unfit`] while an entry is open; the sink's error.
    pub async fn finish(mut self) -> Result<(), ClientError> {
        if self.open.is_some() {
            return Err(ClientError::Unfit);
        }
        let start = self.offset;
        for entry in core::mem::take(&mut self.entries) {
            let record = central_header(&entry, self.stamp);
            self.put(&record).await?;
        }
        let size = self.offset - start;
        let tail = end_of_directory(self.names.len() as u64, start, size);
        self.put(&tail).await
    }

    async fn put(&mut self, bytes: &[u8]) -> Result<(), ClientError> {
        self.sink.write(bytes).await?;
        self.offset += bytes.len() as u64;
        Ok(())
    }

    /// Takes a name once. Only what cannot lead out of the folder it is unpacked into.
    fn claim(&mut self, name: &str) -> Result<(), ClientError> {
        if !is_plain(name) || self.open.is_some() || !self.names.insert(name.to_string()) {
            return Err(ClientError::Unfit);
        }
        Ok(())
    }

    /// Lets the entry that is open, and the file, be longer than what was written: the tests cannot
    /// write 4 GiB.
    #[cfg(all(test, not(target_arch = "wasm32")))]
    fn pretend(&mut self, more: u64) {
        if let Some(open) = self.open.as_mut() {
            open.written += more;
        }
        self.offset += more;
    }
}

/// Whether an entry may be called so: writer and readers ask here.
#[must_use]
pub fn is_plain(name: &str) -> bool {
    let steps = name.split('/').all(|step| !matches!(step, "" | "." | ".."));
    steps && name.len() <= 255 && !name.contains(['\\', ':', '\0'])
}

/// A record of the format: a signature, then little-endian fields.
struct Record(Vec<u8>);

impl Record {
    fn new(signature: u32) -> Self {
        Self(signature.to_le_bytes().to_vec())
    }
    fn u16(&mut self, value: u16) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }
    fn u32(&mut self, value: u32) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }
    fn u64(&mut self, value: u64) -> &mut Self {
        self.bytes(&value.to_le_bytes())
    }
    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }
}

/// The value, if it fits into a 32-bit field that is not [`ELSEWHERE`].
fn small(value: u64) -> Option<u32> {
    u32::try_from(value).ok().filter(|value| *value != ELSEWHERE)
}

fn local_header(name: &str, flags: u16, crc: u32, size: u64, [time, date]: [u16; 2]) -> Vec<u8> {
    let streamed = flags & STREAMED != 0;
    let mut record = Record::new(0x0403_4b50);
    record.u16(if small(size).is_some() { PLAIN } else { LARGE });
    record.u16(flags).u16(0).u16(time).u16(date).u32(crc);
    // Names are at most 255 bytes long, see `claim`.
    let name_len = u16::try_from(name.len()).unwrap_or(0);
    match small(size) {
        Some(_) if streamed => record.u32(0).u32(0).u16(name_len).u16(0).bytes(name.as_bytes()),
        Some(size) => record.u32(size).u32(size).u16(name_len).u16(0).bytes(name.as_bytes()),
        None => record
            .u32(ELSEWHERE)
            .u32(ELSEWHERE)
            .u16(name_len)
            .u16(20)
            .bytes(name.as_bytes())
            // The field's presence says that the data descriptor has 64-bit sizes.
            .u16(1)
            .u16(16)
            .u64(if streamed { 0 } else { size })
            .u64(if streamed { 0 } else { size }),
    };
    record.0
}

fn central_header(entry: &Entry, [time, date]: [u16; 2]) -> Vec<u8> {
    let mut extra = Record(Vec::new());
    if small(entry.size).is_none() {
        extra.u64(entry.size).u64(entry.size);
    }
    if small(entry.offset).is_none() {
        extra.u64(entry.offset);
    }
    // At most 24 bytes.
    let extra_len = u16::try_from(extra.0.len()).unwrap_or(0);
    let size = small(entry.size).unwrap_or(ELSEWHERE);
    let mut record = Record::new(0x0201_4b50);
    record.u16(MADE_BY).u16(if extra_len == 0 { PLAIN } else { LARGE });
    record.u16(entry.flags).u16(0).u16(time).u16(date).u32(entry.crc).u32(size).u32(size);
    record.u16(u16::try_from(entry.name.len()).unwrap_or(0));
    record.u16(if extra_len == 0 { 0 } else { extra_len + 4 });
    record.u16(0).u16(0).u16(0).u32(OWNER_ONLY);
    record.u32(small(entry.offset).unwrap_or(ELSEWHERE)).bytes(entry.name.as_bytes());
    if extra_len > 0 {
        record.u16(1).u16(extra_len).bytes(&extra.0);
    }
    record.0
}

fn end_of_directory(count: u64, start: u64, size: u64) -> Vec<u8> {
    let few = u16::try_from(count).ok().filter(|count| *count != ELSEWHERE_SMALL);
    let mut tail = Record(Vec::new());
    if few.is_none() || small(start).is_none() || small(size).is_none() {
        let mut record = Record::new(0x0606_4b50);
        record.u64(44).u16(MADE_BY).u16(LARGE).u32(0).u32(0);
        record.u64(count).u64(count).u64(size).u64(start);
        let mut locator = Record::new(0x0706_4b50);
        locator.u32(0).u64(start + size).u32(1);
        tail.bytes(&record.0).bytes(&locator.0);
    }
    let mut end = Record::new(0x0605_4b50);
    let count = few.unwrap_or(ELSEWHERE_SMALL);
    end.u16(0).u16(0).u16(count).u16(count);
    end.u32(small(size).unwrap_or(ELSEWHERE)).u32(small(start).unwrap_or(ELSEWHERE)).u16(0);
    tail.bytes(&end.0);
    tail.0
}

/// MS-DOS time and date; the format knows the years 1980 to 2107.
fn dos_stamp(when: Timestamp) -> [u16; 2] {
    let date = Date::at(when, 0);
    let seconds = when.0 % DAY / 1000;
    let part = |value: u64| u16::try_from(value).unwrap_or(0);
    let time = part(seconds / 3600) << 11 | part(seconds / 60 % 60) << 5 | part(seconds % 60 / 2);
    let year = date.year().clamp(1980, 2107) - 1980;
    [time, year << 9 | u16::from(date.month()) << 5 | u16::from(date.day())]
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "zip_tests.rs"]
mod tests;
