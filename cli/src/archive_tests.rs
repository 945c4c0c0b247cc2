//! What the writer writes is read, and nothing else is.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::io::Cursor;

use shared::client::zip::ZipWriter;
use shared::time::Timestamp;

use super::*;

fn sample() -> Vec<u8> {
    let mut zip = Vec::new();
    crate::demo::block_on(async {
        let mut writer = ZipWriter::new(&mut zip, Timestamp(1_795_000_000_000));
        writer.entry("README.txt", b"hello\n").await.unwrap();
        writer.begin("documents/001-aa.age", 10).await.unwrap();
        writer.write(b"0123456789").await.unwrap();
        writer.end().await.unwrap();
        writer.entry("empty", b"").await.unwrap();
        writer.finish().await.unwrap();
    });
    zip
}

type Read = Vec<(String, Vec<u8>)>;

fn read(zip: Vec<u8>) -> Result<Read, Refusal> {
    let mut archive = Archive::open(Cursor::new(zip))?;
    let names: Vec<String> = archive.names().map(str::to_owned).collect();
    names.into_iter().map(|name| Ok((name.clone(), archive.read(&name, 100)?))).collect()
}

#[test]
fn what_was_written_is_read() {
    let read = read(sample()).unwrap();
    let wanted: [(&str, &[u8]); 3] =
        [("README.txt", b"hello\n"), ("documents/001-aa.age", b"0123456789"), ("empty", b"")];
    assert!(read.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).eq(wanted));
}

#[test]
fn no_flipped_bit_changes_what_is_read() {
    let good = sample();
    let whole = read(good.clone()).unwrap();
    for at in 0..good.len() * 8 {
        let mut bad = good.clone();
        bad[at / 8] ^= 1 << (at % 8);
        if let Ok(read) = read(bad) {
            // Versions and permissions are for unpackers and say nothing of what is inside.
            assert!(read == whole, "bit {at}");
        }
    }
}

/// Not only one bit: every other value of every byte of the directory, where the reader begins.
#[test]
fn no_changed_byte_of_the_directory_changes_what_is_read() {
    let good = sample();
    let whole = read(good.clone()).unwrap();
    let start = good.windows(4).position(|four| four == [0x50, 0x4b, 1, 2]).unwrap();
    let mut refused = 0;
    for at in start..good.len() {
        for value in 0..=u8::MAX {
            let mut bad = good.clone();
            bad[at] = value;
            match read(bad) {
                Ok(read) => assert!(read == whole, "byte {at} as {value}"),
                Err(_) => refused += 1,
            }
        }
    }
    // Most of the directory is lengths, places and names.
    assert!(refused > (good.len() - start) * 200, "{refused}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(128))]

    /// Whatever is written is read, streamed or at once.
    #[test]
    fn any_files_are_read_as_they_were_written(
        files in proptest::collection::btree_map(
            "[a-zé0-9-]{1,12}(/[a-z0-9]{1,12}){0,3}",
            (proptest::collection::vec(proptest::prelude::any::<u8>(), 0..90), proptest::bool::ANY),
            0..12,
        ),
        seconds in 0_u64..4_000_000_000,
    ) {
        let mut zip = Vec::new();
        crate::demo::block_on(async {
            let mut writer = ZipWriter::new(&mut zip, Timestamp(seconds * 1000));
            for (name, (bytes, streamed)) in &files {
                if *streamed {
                    writer.begin(name, bytes.len() as u64).await.unwrap();
                    for some in bytes.chunks(7) {
                        writer.write(some).await.unwrap();
                    }
                    writer.end().await.unwrap();
                } else {
                    writer.entry(name, bytes).await.unwrap();
                }
            }
            writer.finish().await.unwrap();
        });
        let wanted: Read = files.into_iter().map(|(name, (bytes, _))| (name, bytes)).collect();
        proptest::prop_assert_eq!(read(zip).unwrap(), wanted);
    }
}

/// More entries than a short field counts: the 64-bit records, which stand nowhere else.
#[test]
fn many_entries_are_read_and_few_are_not_counted_elsewhere() {
    let mut zip = Vec::new();
    crate::demo::block_on(async {
        let mut writer = ZipWriter::new(&mut zip, Timestamp(1_795_000_000_000));
        for number in 0..=u16::MAX {
            writer.entry(&number.to_string(), b"").await.unwrap();
        }
        writer.finish().await.unwrap();
    });
    assert_eq!(read(zip).unwrap().len(), 1 + usize::from(u16::MAX));

    let good = sample();
    let (rest, end) = good.split_at(good.len() - 22);
    let wide = |at: usize| u64::from(u32::from_le_bytes(end[at..at + 4].try_into().unwrap()));
    let record: Vec<u8> = [
        &[0x50, 0x4b, 6, 6, 44, 0, 0, 0, 0, 0, 0, 0, 45, 3, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0][..],
        &3_u64.to_le_bytes(),
        &3_u64.to_le_bytes(),
        &wide(12).to_le_bytes(),
        &wide(16).to_le_bytes(),
        &[0x50, 0x4b, 6, 7, 0, 0, 0, 0],
        &(rest.len() as u64).to_le_bytes(),
        &1_u32.to_le_bytes(),
    ]
    .concat();
    for (at, len) in [(8, 4), (12, 4), (16, 4)] {
        let mut end = end.to_vec();
        end[at..at + len].fill(0xff);
        assert_eq!(read([rest, &record, &end].concat()), Err(packed_again()), "field at {at}");
    }
}

/// No entry may be called what the writer calls none.
#[test]
fn a_name_that_leads_elsewhere_is_refused() {
    let good = sample();
    for other in [&b"../DME.txt"[..], b"READ//.txt", b"READ\\E.txt", b"C:ADME.txt", b"READM\0.txt"]
    {
        let mut bad = good.clone();
        let named = |bytes: &[u8]| bytes == b"README.txt";
        let places: Vec<usize> =
            (0..good.len() - 10).filter(|at| named(&good[*at..at + 10])).collect();
        assert_eq!(places.len(), 2);
        for at in places {
            bad[at..at + 10].copy_from_slice(other);
        }
        assert_eq!(read(bad), Err(packed_again()));
    }
}

/// The fuzzer begins with what the writer writes.
#[test]
fn the_fuzzers_seed_is_what_the_writer_writes() {
    assert_eq!(sample(), include_bytes!("../../shared/fuzz/corpus/archive/small"));
}

#[test]
fn anything_before_between_behind_or_missing_is_refused() {
    let good = sample();
    for cut in 0..good.len() {
        assert!(read(good[..cut].to_vec()).is_err(), "cut at {cut}");
    }
    for at in 0..=good.len() {
        let mut bad = good.clone();
        bad.insert(at, b'P');
        assert!(read(bad).is_err(), "a byte more at {at}");
    }
}

/// One deflated entry, `README.txt` with 99 times `hello`, as Python's `zipfile` packs it.
const PACKED: &[u8] =
    b"PK\x03\x04\x14\0\0\0\x08\0\0`v]\xdb\xcc[L\x0c\0\0\0\xef\x01\0\0\n\0\0\0README.txt\
    \xcbH\xcd\xc9\xc9\xcf\x18%F\x08\x01\0\
    PK\x01\x02\x14\x03\x14\0\0\0\x08\0\0`v]\xdb\xcc[L\x0c\0\0\0\xef\x01\0\0\n\0\0\0\0\0\0\0\0\0\0\0\
    \x80\x01\0\0\0\0README.txt\
    PK\x05\x06\0\0\0\0\x01\0\x01\x008\0\0\x004\0\0\0\0\0";

#[test]
fn a_file_that_another_program_packed_is_refused() {
    assert_eq!(read(PACKED.to_vec()), Err(packed_again()));
}

#[test]
fn an_entry_larger_than_it_can_be_is_not_read_into_memory() {
    let mut archive = Archive::open(Cursor::new(sample())).unwrap();
    assert!(archive.read("documents/001-aa.age", 9).is_err());
    assert_eq!(archive.len("documents/001-aa.age"), Ok(10));
    assert!(archive.read("absent", 9).is_err());
}
