//! The zip file of an export: any bytes are read without a panic and without a large buffer, and what is
//! read, written by our own writer, is read as the same files.

use std::io::{Cursor, Read as _};

use cli::archive::Archive;
use cli::demo::block_on;
use shared::client::zip::ZipWriter;

use crate::TODAY;

type Files = Vec<(String, Vec<u8>)>;

/// See the module.
pub fn archive(bytes: &[u8]) {
    let Some(files) = files(bytes) else { return };
    let whole: usize = files.iter().map(|(_, file)| file.len()).sum();
    assert!(whole <= bytes.len(), "no two entries share bytes");
    let again = written(&files);
    assert_eq!(self::files(&again), Some(files));
}

fn files(bytes: &[u8]) -> Option<Files> {
    let mut archive = Archive::open(Cursor::new(bytes)).ok()?;
    let names: Vec<String> = archive.names().map(str::to_owned).collect();
    let mut files = Vec::new();
    for name in names {
        let len = archive.len(&name).expect("it is listed");
        let mut file = Vec::new();
        let mut stream = archive.stream(&name).expect("it is listed");
        stream.read_to_end(&mut file).expect("memory is read");
        assert_eq!(file.len() as u64, len, "an entry lies within the file");
        if let Ok(read) = archive.read(&name, len) {
            assert_eq!(read, file);
        }
        files.push((name, file));
    }
    Some(files)
}

fn written(files: &Files) -> Vec<u8> {
    let mut zip = Vec::new();
    let done = block_on(async {
        let mut writer = ZipWriter::new(&mut zip, TODAY);
        for (name, file) in files {
            writer.entry(name, file).await?;
        }
        writer.finish().await
    });
    done.expect("what may be read may be written");
    zip
}
