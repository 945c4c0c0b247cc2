//! What is written must be read alike by tools that know nothing of us, and past 4 GiB too.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use alloc::vec;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::process::Command;

use super::*;

/// A future that never waits, run to its end.
fn now<F: Future>(future: F) -> F::Output {
    let mut future = core::pin::pin!(future);
    let mut context = core::task::Context::from_waker(core::task::Waker::noop());
    match future.as_mut().poll(&mut context) {
        core::task::Poll::Ready(value) => value,
        core::task::Poll::Pending => panic!("a sink in memory does not wait"),
    }
}

/// 2026-11-21 08:09:10 UTC.
const WHEN: Timestamp = Timestamp(1_795_248_550_000);

fn sample() -> Vec<u8> {
    let mut file = Vec::new();
    now(async {
        let mut zip = ZipWriter::new(&mut file, WHEN);
        zip.entry("README.txt", b"hello\n").await?;
        zip.begin("documents/001-aa.age", 10).await?;
        zip.write(b"01234").await?;
        zip.write(b"56789").await?;
        let digest = zip.end().await?;
        assert_eq!(digest, crate::crypto::hash::sha256(b"0123456789"));
        zip.begin("empty", 0).await?;
        zip.end().await?;
        let sums = zip.checksums();
        zip.entry("CHECKSUMS.sha256", sums.as_bytes()).await?;
        zip.finish().await
    })
    .unwrap();
    file
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes(bytes[at..at + 2].try_into().unwrap())
}
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())
}
fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

/// Name, size and offset of each entry, read from a directory that begins at `start` of the file
/// whose last bytes are `tail`.
fn directory(tail: &[u8], file_len: u64) -> Vec<(String, u64, u64)> {
    let base = file_len - tail.len() as u64;
    let end = tail.len() - 22;
    assert_eq!(u32_at(tail, end), 0x0605_4b50);
    let mut count = u64::from(u16_at(tail, end + 10));
    let mut start = u64::from(u32_at(tail, end + 16));
    if count == 0xffff || start == 0xffff_ffff {
        let locator = end - 20;
        assert_eq!(u32_at(tail, locator), 0x0706_4b50);
        let at = usize::try_from(u64_at(tail, locator + 8) - base).unwrap();
        assert_eq!(u32_at(tail, at), 0x0606_4b50);
        count = u64_at(tail, at + 32);
        start = u64_at(tail, at + 48);
        assert_eq!(start + u64_at(tail, at + 40), u64_at(tail, locator + 8));
    }
    let mut at = usize::try_from(start - base).unwrap();
    let mut entries = Vec::new();
    for _ in 0..count {
        assert_eq!(u32_at(tail, at), 0x0201_4b50);
        let name_len = usize::from(u16_at(tail, at + 28));
        let extra_len = usize::from(u16_at(tail, at + 30));
        let name = String::from_utf8(tail[at + 46..at + 46 + name_len].to_vec()).unwrap();
        let mut extra = at + 46 + name_len + 4;
        let mut wide = |field: u32| {
            if field != ELSEWHERE {
                return u64::from(field);
            }
            extra += 8;
            u64_at(tail, extra - 8)
        };
        let size = wide(u32_at(tail, at + 24));
        assert_eq!(wide(u32_at(tail, at + 20)), size);
        entries.push((name, size, wide(u32_at(tail, at + 42))));
        at += 46 + name_len + extra_len;
    }
    entries
}

/// Runs a tool that may not be installed; `None` when it is not.
fn run(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_small_file_has_the_entries_that_were_written() {
    let file = sample();
    let entries = directory(&file, file.len() as u64);
    let names: Vec<&str> = entries.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(names, ["README.txt", "documents/001-aa.age", "empty", "CHECKSUMS.sha256"]);
    for (name, size, offset) in &entries {
        let at = usize::try_from(*offset).unwrap();
        assert_eq!(u32_at(&file, at), 0x0403_4b50, "{name}");
        assert_eq!(&file[at + 30..at + 30 + name.len()], name.as_bytes());
        if name == "documents/001-aa.age" {
            let data = at + 30 + name.len();
            assert_eq!((&file[data..data + 10], *size), (&b"0123456789"[..], 10));
            assert_eq!(u32_at(&file, data + 10), 0x0807_4b50);
            assert_eq!(u32_at(&file, data + 14), Crc32::of(b"0123456789"));
        }
    }
}

#[test]
fn python_and_unzip_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.zip");
    std::fs::write(&path, sample()).unwrap();
    let path = path.to_str().unwrap();
    let script = "import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n\
        i=z.getinfo('README.txt')\nprint(i.date_time, oct(i.external_attr>>16), z.read('documents/001-aa.age'))";
    if let Some(out) = run("python3", &["-c", script, path]) {
        assert_eq!(out.trim(), "(2026, 11, 21, 8, 9, 10) 0o100600 b'0123456789'");
    }
    if let Some(out) = run("unzip", &["-t", path]) {
        assert!(out.contains("No errors"), "{out}");
    }
}

/// Keeps what is written, and where, across the gap of a pretended entry.
struct Sparse {
    file: std::fs::File,
}

impl ExportSink for Sparse {
    async fn write(&mut self, bytes: &[u8]) -> Result<(), ClientError> {
        self.file.write_all(bytes).map_err(|_| ClientError::Store)
    }
}

#[test]
fn sizes_and_offsets_past_four_gibibytes_are_kept() {
    const HUGE: u64 = 5 << 30;
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let mut hole = file.reopen().unwrap();
    let mut sink = Sparse { file: file.reopen().unwrap() };
    now(async {
        let mut zip = ZipWriter::new(&mut sink, WHEN);
        zip.begin("documents/001-huge.age", HUGE).await?;
        zip.pretend(HUGE);
        // The hole is not written: the file system shows zeros there.
        zip.sink.file.seek(SeekFrom::Start(zip.offset)).unwrap();
        zip.end().await?;
        zip.begin("documents/002-after.age", 5).await?;
        zip.write(b"after").await?;
        zip.end().await?;
        zip.entry("README.txt", b"last").await?;
        zip.finish().await
    })
    .unwrap();
    let len = hole.seek(SeekFrom::End(0)).unwrap();
    assert!(len > HUGE);
    let mut tail = vec![0; 1024];
    hole.seek(SeekFrom::End(-1024)).unwrap();
    std::io::Read::read_exact(&mut hole, &mut tail).unwrap();
    let entries = directory(&tail, len);
    assert_eq!(entries[0], ("documents/001-huge.age".into(), HUGE, 0));
    assert_eq!((entries[1].0.as_str(), entries[1].1), ("documents/002-after.age", 5));
    assert!(entries[1].2 > HUGE && entries[2].2 > entries[1].2);
    file.flush().unwrap();
    let script = "import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\n\
        print(z.read('documents/002-after.age'), z.read('README.txt'), z.infolist()[0].file_size)";
    if let Some(out) = run("python3", &["-c", script, file.path().to_str().unwrap()]) {
        assert_eq!(out.trim(), format!("b'after' b'last' {HUGE}"));
    }
}

#[test]
fn more_entries_than_a_small_directory_counts_are_kept() {
    let mut file = Vec::new();
    now(async {
        let mut zip = ZipWriter::new(&mut file, WHEN);
        for number in 0..70_000 {
            zip.entry(&alloc::format!("n/{number}"), b"").await?;
        }
        zip.finish().await
    })
    .unwrap();
    let entries = directory(&file, file.len() as u64);
    assert_eq!((entries.len(), entries[69_999].0.as_str()), (70_000, "n/69999"));
}

#[test]
fn a_name_that_leads_elsewhere_or_comes_twice_is_refused() {
    let mut file = Vec::new();
    let mut zip = ZipWriter::new(&mut file, WHEN);
    let long = "a".repeat(256);
    for bad in ["", "/etc/passwd", "../a", "a/../b", "a//b", "a/", ".", "a\\b", "C:a", "a\0", &long]
    {
        assert_eq!(now(zip.entry(bad, b"")), Err(ClientError::Unfit), "{bad:?}");
    }
    assert_eq!(now(zip.entry("a", b"")), Ok(()));
    assert_eq!(now(zip.entry("a", b"")), Err(ClientError::Unfit));
}

#[test]
fn an_entry_of_another_size_than_promised_is_refused() {
    let mut file = Vec::new();
    let mut zip = ZipWriter::new(&mut file, WHEN);
    now(zip.begin("a", 3)).unwrap();
    assert_eq!(now(zip.write(b"1234")), Err(ClientError::Unfit));
    now(zip.write(b"12")).unwrap();
    assert_eq!(now(zip.entry("b", b"")), Err(ClientError::Unfit));
    assert_eq!(now(zip.end()), Err(ClientError::Unfit));

    let mut file = Vec::new();
    let mut zip = ZipWriter::new(&mut file, WHEN);
    now(zip.begin("a", 3)).unwrap();
    assert_eq!(now(zip.finish()), Err(ClientError::Unfit));
}

#[test]
fn a_sink_that_is_full_stops_the_export() {
    struct Full;
    impl ExportSink for Full {
        async fn write(&mut self, _: &[u8]) -> Result<(), ClientError> {
            Err(ClientError::Store)
        }
    }
    let mut sink = Full;
    let mut zip = ZipWriter::new(&mut sink, WHEN);
    assert_eq!(now(zip.entry("a", b"x")), Err(ClientError::Store));
}
