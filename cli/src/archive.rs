//! Reads the zip file of an export as strictly as it was written: stored entries, one after the
//! other without a gap, the directory behind them, nothing else. Whatever could mean one thing to
//! this program and another to an unpacker is refused.

use std::collections::BTreeMap;
use std::io::{Read, Seek, SeekFrom};

use shared::client::zip::is_plain;

use crate::refusal::Refusal;

/// Largest directory that is read into memory.
const MAX_DIRECTORY: u64 = 64 << 20;
const ELSEWHERE: u32 = u32::MAX;

/// Where an entry's bytes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First byte.
    pub start: u64,
    /// How many.
    pub len: u64,
    crc: u32,
}

/// An export that is open.
pub struct Archive<F> {
    file: F,
    entries: BTreeMap<String, Span>,
}

impl<F: Read + Seek> Archive<F> {
    /// Reads the directory and checks it against every entry's own header.
    ///
    /// # Errors
    /// [`Refusal::Broken`] when the file is not exactly what an export is.
    pub fn open(mut file: F) -> Result<Self, Refusal> {
        let len = file.seek(SeekFrom::End(0))?;
        let ends = Ends::read(&mut file, len)?;
        let bytes = read_at(&mut file, ends.start, ends.size)?;
        let mut directory = Fields(&bytes);
        let mut entries = BTreeMap::new();
        let mut at = 0;
        for _ in 0..ends.count {
            let listed = Listed::read(&mut directory)?;
            if listed.offset != at {
                return Err(packed_again());
            }
            let span = listed.check(&mut file, ends.start)?;
            at = span.start + span.len + listed.behind();
            if entries.insert(listed.name, span).is_some() {
                return Err(Refusal::broken("Two entries of the zip file have the same name."));
            }
        }
        if at != ends.start || !directory.0.is_empty() {
            return Err(packed_again());
        }
        Ok(Self { file, entries })
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// How long an entry is.
    ///
    /// # Errors
    /// [`Refusal::Broken`] when there is none by that name.
    pub fn len(&self, name: &str) -> Result<u64, Refusal> {
        self.span(name).map(|span| span.len)
    }

    /// A whole entry of at most `cap` bytes.
    ///
    /// # Errors
    /// [`Refusal::Broken`] when it is missing, longer, or damaged.
    pub fn read(&mut self, name: &str, cap: u64) -> Result<Vec<u8>, Refusal> {
        let span = self.span(name)?;
        if span.len > cap {
            return Err(Refusal::broken(format!("The entry {name} is larger than it can be.")));
        }
        let bytes = read_at(&mut self.file, span.start, span.len)?;
        if shared::client::crc32::Crc32::of(&bytes) != span.crc {
            return Err(Refusal::broken(format!("The entry {name} is damaged.")));
        }
        Ok(bytes)
    }

    /// An entry as a stream. Its checksum is not looked at: whoever reads it has better ones.
    ///
    /// # Errors
    /// [`Refusal::Broken`] when it is missing.
    pub fn stream(&mut self, name: &str) -> Result<std::io::Take<&mut F>, Refusal> {
        let span = self.span(name)?;
        self.file.seek(SeekFrom::Start(span.start))?;
        Ok((&mut self.file).take(span.len))
    }

    fn span(&self, name: &str) -> Result<Span, Refusal> {
        let missing = || Refusal::broken(format!("The entry {name} is missing from the export."));
        self.entries.get(name).copied().ok_or_else(missing)
    }
}

fn packed_again() -> Refusal {
    Refusal::broken(
        "This zip file was not written by Underseal, or was packed again or damaged since.",
    )
}

fn read_at<F: Read + Seek>(file: &mut F, start: u64, len: u64) -> Result<Vec<u8>, Refusal> {
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(len).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == len { Ok(bytes) } else { Err(packed_again()) }
}

/// Little-endian fields taken one after the other.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn bytes(&mut self, len: usize) -> Result<&'a [u8], Refusal> {
        let (head, rest) = self.0.split_at_checked(len).ok_or_else(packed_again)?;
        self.0 = rest;
        Ok(head)
    }
    fn array<const N: usize>(&mut self) -> Result<[u8; N], Refusal> {
        self.bytes(N)?.try_into().map_err(|_| packed_again())
    }
    fn u16(&mut self) -> Result<u16, Refusal> {
        self.array().map(u16::from_le_bytes)
    }
    fn u32(&mut self) -> Result<u32, Refusal> {
        self.array().map(u32::from_le_bytes)
    }
    fn u64(&mut self) -> Result<u64, Refusal> {
        self.array().map(u64::from_le_bytes)
    }
    /// The next field must be exactly this.
    fn expect<T: PartialEq>(found: T, wanted: &T) -> Result<(), Refusal> {
        if found == *wanted { Ok(()) } else { Err(packed_again()) }
    }
}

/// A value in a field of 32 bits, or that it stands elsewhere.
fn short(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(ELSEWHERE)
}

/// Where the directory stands.
struct Ends {
    start: u64,
    size: u64,
    count: u64,
}

impl Ends {
    fn read<F: Read + Seek>(file: &mut F, len: u64) -> Result<Self, Refusal> {
        let end_at = len.checked_sub(22).ok_or_else(packed_again)?;
        let bytes = read_at(file, end_at, 22)?;
        let mut end = Fields(&bytes);
        Fields::expect(end.u32()?, &0x0605_4b50)?;
        Fields::expect(end.u32()?, &0)?;
        let (count, again) = (end.u16()?, end.u16()?);
        let (size, start) = (end.u32()?, end.u32()?);
        Fields::expect((again, end.u16()?), &(count, 0))?;
        if count != u16::MAX && size != ELSEWHERE && start != ELSEWHERE {
            let ends = Self { start: start.into(), size: size.into(), count: count.into() };
            return ends.checked(end_at);
        }
        // What fits into a short field stands in it, and nowhere else alone.
        let ends = Self::read_large(file, end_at)?;
        let few = u16::try_from(ends.count).unwrap_or(u16::MAX);
        Fields::expect((count, size, start), &(few, short(ends.size), short(ends.start)))?;
        Ok(ends)
    }

    /// The ZIP64 records that stand before the end.
    fn read_large<F: Read + Seek>(file: &mut F, end_at: u64) -> Result<Self, Refusal> {
        let record_at = end_at.checked_sub(20 + 56).ok_or_else(packed_again)?;
        let bytes = read_at(file, record_at, 20 + 56)?;
        let mut record = Fields(&bytes);
        Fields::expect(record.u32()?, &0x0606_4b50)?;
        Fields::expect(record.u64()?, &44)?;
        record.bytes(4)?;
        Fields::expect(record.u64()?, &0)?;
        let (count, again) = (record.u64()?, record.u64()?);
        let (size, start) = (record.u64()?, record.u64()?);
        Fields::expect((again, record.u32()?, record.u32()?), &(count, 0x0706_4b50, 0))?;
        Fields::expect((record.u64()?, record.u32()?), &(record_at, 1))?;
        Self { start, size, count }.checked(record_at)
    }

    fn checked(self, directory_end: u64) -> Result<Self, Refusal> {
        let fits = self.start.checked_add(self.size) == Some(directory_end);
        if fits && self.size <= MAX_DIRECTORY { Ok(self) } else { Err(packed_again()) }
    }
}

/// An entry as the directory lists it.
struct Listed {
    name: String,
    streamed: bool,
    stamp: u32,
    crc: u32,
    size: u64,
    offset: u64,
}

impl Listed {
    fn read(directory: &mut Fields) -> Result<Self, Refusal> {
        Fields::expect(directory.u32()?, &0x0201_4b50)?;
        directory.bytes(4)?;
        let (flags, method) = (directory.u16()?, directory.u16()?);
        let stamp = directory.u32()?;
        let (crc, packed, size) = (directory.u32()?, directory.u32()?, directory.u32()?);
        let (name_len, extra_len) = (directory.u16()?, directory.u16()?);
        Fields::expect((method, directory.u16()?, directory.u16()?), &(0, 0, 0))?;
        directory.bytes(6)?;
        let offset = directory.u32()?;
        let name =
            std::str::from_utf8(directory.bytes(name_len.into())?).map_err(|_| packed_again())?;
        let mut extra = Fields(directory.bytes(extra_len.into())?);
        if !extra.0.is_empty() {
            Fields::expect((extra.u16()?, usize::from(extra.u16()?)), &(1, extra.0.len()))?;
        }
        let mut wide = |field: u32| match field {
            ELSEWHERE => extra.u64().and_then(|value| {
                Fields::expect(short(value), &ELSEWHERE)?;
                Ok(value)
            }),
            _ => Ok(field.into()),
        };
        let (size, packed, offset) = (wide(size)?, wide(packed)?, wide(offset)?);
        let known = matches!(flags, 0x0800 | 0x0808) && is_plain(name);
        if !known || packed != size || !extra.0.is_empty() {
            return Err(packed_again());
        }
        Ok(Self { name: name.to_owned(), streamed: flags == 0x0808, stamp, crc, size, offset })
    }

    /// Whether the entry needs 64-bit sizes.
    const fn large(&self) -> bool {
        self.size >= ELSEWHERE as u64
    }

    /// Bytes of the data descriptor.
    const fn behind(&self) -> u64 {
        match (self.streamed, self.large()) {
            (false, _) => 0,
            (true, false) => 16,
            (true, true) => 24,
        }
    }

    /// Compares with the entry's own header and descriptor; gives where its bytes stand.
    fn check<F: Read + Seek>(&self, file: &mut F, limit: u64) -> Result<Span, Refusal> {
        let extra_len = if self.large() { 20 } else { 0 };
        let head_len = 30 + self.name.len() as u64 + extra_len;
        let start = self.offset + head_len;
        let end = start.checked_add(self.size).and_then(|end| end.checked_add(self.behind()));
        if end.is_none_or(|end| end > limit) {
            return Err(packed_again());
        }
        let bytes = read_at(file, self.offset, head_len)?;
        let mut head = Fields(&bytes);
        Fields::expect(head.u32()?, &0x0403_4b50)?;
        head.bytes(2)?;
        let flags = if self.streamed { 0x0808 } else { 0x0800 };
        let crc = if self.streamed { 0 } else { self.crc };
        Fields::expect(
            (head.u16()?, head.u16()?, head.u32()?, head.u32()?),
            &(flags, 0, self.stamp, crc),
        )?;
        let known = if self.streamed { 0 } else { self.size };
        let short = if self.large() { ELSEWHERE } else { short(known) };
        Fields::expect((head.u32()?, head.u32()?), &(short, short))?;
        Fields::expect(usize::from(head.u16()?), &self.name.len())?;
        Fields::expect(u64::from(head.u16()?), &extra_len)?;
        Fields::expect(head.bytes(self.name.len())?, &self.name.as_bytes())?;
        if self.large() {
            Fields::expect(
                (head.u16()?, head.u16()?, head.u64()?, head.u64()?),
                &(1, 16, known, known),
            )?;
        }
        self.check_behind(file, start + self.size)?;
        Ok(Span { start, len: self.size, crc: self.crc })
    }

    fn check_behind<F: Read + Seek>(&self, file: &mut F, at: u64) -> Result<(), Refusal> {
        if !self.streamed {
            return Ok(());
        }
        let bytes = read_at(file, at, self.behind())?;
        let mut behind = Fields(&bytes);
        Fields::expect((behind.u32()?, behind.u32()?), &(0x0807_4b50, self.crc))?;
        let mut size = || if self.large() { behind.u64() } else { behind.u32().map(u64::from) };
        Fields::expect((size()?, size()?), &(self.size, self.size))
    }
}

#[cfg(test)]
#[path = "archive_tests.rs"]
mod tests;
