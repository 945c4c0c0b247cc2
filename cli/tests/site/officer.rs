//! A person of the firm who asks the journal which release the firm accepted, and the file in which the
//! program remembers that journal.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::rc::Rc;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use cli::demo::host::{Device, HttpWire};
use cli::refusal::Refusal;
use cli::site::memory::Memory;
use cli::site::officer::Officer;
use shared::call::Call as _;
use shared::client::Portal;
use shared::client::memory::MemoryV1;
use shared::client::transport::{Request, Response, Transport, Unreachable};
use shared::crypto::keys::SigningKey;
use shared::journal::wire::ReadStreams;
use shared::secret::Secret;

use crate::live::Live;

/// A firm at the portal, and its founder's recovery words.
fn founded(url: &str) -> Secret<String> {
    let founder = Portal::new(Device::new(HttpWire::new(url)));
    cli::demo::block_on(async {
        let founding = crate::harness::founding(&founder).await;
        founder.found(founding, |_| ()).await.unwrap().recovery_words
    })
}

fn officer<T: Transport<Sealed = Vec<u8>>>(
    wire: T,
    words: &Secret<String>,
    memory: &Path,
    out: &mut Vec<u8>,
) -> Result<Officer<T>, Refusal> {
    let memory = Memory::open(memory, out)?;
    Officer::sign_in(wire, "margaret", words, memory, out)
}

/// What a run says, and how it ends.
fn told(run: impl FnOnce(&mut Vec<u8>) -> Result<(), Refusal>) -> (String, Result<(), Refusal>) {
    let mut out = Vec::new();
    let ended = run(&mut out);
    (String::from_utf8(out).unwrap(), ended)
}

#[test]
fn an_officer_accepts_a_release_and_the_journal_says_so() {
    let live = Live::start();
    let url = live.url();
    let words = founded(&url);
    let memory = live.folder.path().join("margaret.memory");
    let officer = || officer(HttpWire::new(&url), &words, &memory, &mut Vec::new()).unwrap();
    let (read, _) = live.verify().unwrap();
    let (said, none) = told(|out| officer().accepted(&read, out));
    assert!(none.unwrap_err().to_string().contains("no release yet"));
    assert!(said.contains("the first look from here"), "{said}");

    let bytes = fs::read(live.release()).unwrap();
    let stranger = SigningKey::generate().public();
    let (_, refused) = told(|out| officer().accept(&bytes, &stranger, out));
    assert_eq!(refused.unwrap_err().code(), 2);
    told(|out| officer().accept(&bytes, &live.key, out)).1.unwrap();
    let (said, accepted) = told(|out| officer().accepted(&read, out));
    accepted.unwrap();
    assert!(said.contains("accepted this release at"), "{said}");
    assert!(said.contains("It continues what was verified before"), "{said}");
    assert!(!said.contains("another release than"), "{said}");

    let other = Live::start();
    let bytes = fs::read(other.release()).unwrap();
    // Somebody else accepts another one: this memory knows the former.
    let elsewhere = live.folder.path().join("elsewhere.memory");
    let theirs = self::officer(HttpWire::new(&url), &words, &elsewhere, &mut Vec::new()).unwrap();
    told(|out| theirs.accept(&bytes, &other.key, out)).1.unwrap();
    let (said, newer) = told(|out| officer().accepted(&read, out));
    assert!(newer.unwrap_err().to_string().contains("another release last"));
    assert!(said.contains("another release than when this was asked before"), "{said}");
    let wrong = Secret::new("abandon ".repeat(11) + "about");
    let refused = self::officer(HttpWire::new(&url), &wrong, &memory, &mut Vec::new());
    assert_eq!(refused.err().unwrap().code(), 2);
}

/// A server that answers as it did before, question by question.
struct Yesterday {
    wire: HttpWire,
    said: Rc<RefCell<VecDeque<Response>>>,
    again: bool,
}

impl Transport for Yesterday {
    type Sealed = Vec<u8>;

    async fn send(&self, request: Request) -> Result<Response, Unreachable> {
        if request.path != ReadStreams::ROUTE {
            return self.wire.send(request).await;
        }
        if self.again {
            return self.said.borrow_mut().pop_front().ok_or(Unreachable);
        }
        let answer = self.wire.send(request).await?;
        let Response { status, body } = &answer;
        self.said.borrow_mut().push_back(Response { status: *status, body: body.clone() });
        Ok(answer)
    }
}

#[test]
fn a_portal_cannot_go_back_behind_what_it_showed_before() {
    let live = Live::start();
    let url = live.url();
    let words = founded(&url);
    let file = |name: &str| live.folder.path().join(name);
    let (read, _) = live.verify().unwrap();
    let officer = |memory: &str| {
        officer(HttpWire::new(&url), &words, &file(memory), &mut Vec::new()).unwrap()
    };
    let bytes = fs::read(live.release()).unwrap();
    told(|out| officer("a").accept(&bytes, &live.key, out)).1.unwrap();
    // What the server says today it says again when the firm has accepted another release.
    let said = Rc::<RefCell<VecDeque<Response>>>::default();
    let ask = |again, memory: &str| {
        let wire = Yesterday { wire: HttpWire::new(&url), said: Rc::clone(&said), again };
        told(|out| self::officer(wire, &words, &file(memory), out)?.accepted(&read, out))
    };
    ask(false, "first").1.unwrap();
    let yesterday = said.borrow().iter().map(|one| one.body.clone()).collect::<Vec<_>>();
    let repeat = || {
        let answers = yesterday.iter().map(|body| Response { status: 200, body: body.clone() });
        *said.borrow_mut() = answers.collect();
    };
    let other = Live::start();
    let newer = fs::read(other.release()).unwrap();
    told(|out| officer("known").accept(&newer, &other.key, out)).1.unwrap();
    // Whoever never asked before believes it.
    repeat();
    ask(true, "new").1.unwrap();
    // Whoever accepted it knows where the stream ends.
    repeat();
    let refused = ask(true, "known").1.unwrap_err();
    assert_eq!(refused.code(), 1);
    assert!(refused.to_string().contains("does not verify"), "{refused}");
    // Whoever read it since has what the server signed, twice.
    let (_, newest) = told(|out| officer("known").accepted(&read, out));
    assert!(newest.unwrap_err().to_string().contains("another release last"));
    repeat();
    let before = fs::read(file("known")).unwrap();
    let (evidence, refused) = ask(true, "known");
    let refused = refused.unwrap_err();
    assert_eq!(refused.code(), 1, "{refused}");
    assert!(refused.to_string().contains("does not continue"), "{refused}");
    assert!(evidence.contains("Verified by this device before:"), "{evidence}");
    // Nothing of it is taken over.
    assert_eq!(fs::read(file("known")).unwrap(), before);
}

#[test]
fn a_memory_is_read_strictly_and_kept_whole() {
    let live = Live::start();
    let url = live.url();
    let words = founded(&url);
    let memory = live.folder.path().join("one.memory");
    let (read, _) = live.verify().unwrap();
    let ask = |words: &Secret<String>| {
        told(|out| officer(HttpWire::new(&url), words, &memory, out)?.accepted(&read, out)).1
    };
    assert_eq!(ask(&words).unwrap_err().code(), 1);
    let good = fs::read(&memory).unwrap();
    let sheets = fs::read_dir(live.folder.path()).unwrap();
    let parts =
        sheets.filter(|one| one.as_ref().unwrap().path().extension() == Some("part".as_ref()));
    assert_eq!(parts.count(), 0);
    for bad in [&good[..good.len() - 1], &[&good[..], b"\n"].concat(), b"", b"a zip, say"] {
        fs::write(&memory, bad).unwrap();
        let refused = ask(&words).unwrap_err();
        assert_eq!(refused.code(), 2);
        assert!(refused.to_string().contains("is not what this program keeps"), "{refused}");
        assert_eq!(fs::read(&memory).unwrap(), bad);
    }
    // Another firm's.
    let other = Live::start();
    let strangers = founded(&other.url());
    fs::write(&memory, &good).unwrap();
    let theirs = officer(HttpWire::new(&other.url()), &strangers, &memory, &mut Vec::new());
    let refused = theirs.err().unwrap();
    assert!(refused.to_string().contains("another firm's journal"), "{refused}");
}

/// Two runs at once: the second one waits, holds the journal to what the first one kept, and forgets nothing.
#[test]
fn of_two_runs_with_one_memory_the_second_goes_on_from_the_first() {
    let live = Live::start();
    let url = live.url();
    let words = founded(&url);
    let file = live.folder.path().join("shared.memory");
    let (read, _) = live.verify().unwrap();
    let bytes = fs::read(live.release()).unwrap();
    let known = |file: &Path| MemoryV1::read(&fs::read(file).unwrap()).unwrap();

    // What a server says before anything is accepted, to be said again later.
    let said = Rc::<RefCell<VecDeque<Response>>>::default();
    let ask = |again, memory: &Path, out: &mut Vec<u8>| {
        let wire = Yesterday { wire: HttpWire::new(&url), said: Rc::clone(&said), again };
        officer(wire, &words, memory, out)?.accepted(&read, out)
    };
    let (_, none) = told(|out| ask(false, &live.folder.path().join("other.memory"), out));
    assert!(none.unwrap_err().to_string().contains("no release yet"));

    let first = officer(HttpWire::new(&url), &words, &file, &mut Vec::new()).unwrap();
    let waits = &Told::default();
    let began = std::thread::scope(|scope| {
        let (url, words, file, read) = (&url, &words, &file, &read);
        let second = scope.spawn(move || {
            let mut out = waits;
            let memory = Memory::open(file, &mut out).unwrap();
            let known = memory.known().cloned();
            let officer = Officer::sign_in(HttpWire::new(url), "margaret", words, memory, &mut out);
            (known, officer.unwrap().accepted(read, &mut out))
        });
        waits.until("This one waits for it");
        let (began, accepted) = told(|out| first.accept(&bytes, &live.key, out));
        accepted.unwrap();
        let (knew, ended) = second.join().unwrap();
        ended.unwrap();
        assert!(knew.unwrap().accepted.is_some(), "the second run read what the first one kept");
        began
    });
    assert!(began.contains("the first look from here"), "{began}");
    assert!(waits.said().contains("It continues what was verified before"));

    // The older journal, after the newer one: refused, and the newer one stays.
    let newest = fs::read(&file).unwrap();
    let (_, refused) = told(|out| ask(true, &file, out));
    assert_eq!(refused.unwrap_err().code(), 1);
    assert_eq!(fs::read(&file).unwrap(), newest);
    // Even where what is older did verify.
    let older = known(&live.folder.path().join("other.memory"));
    let held = Memory::open(&file, &mut Vec::new()).unwrap();
    let refused = held.keep(&older, &mut Vec::new()).unwrap_err();
    assert!(refused.to_string().contains("is older than what is kept"), "{refused}");
    assert_eq!(fs::read(&file).unwrap(), newest);
    // And what changed without the lock is not written over.
    fs::write(&file, older.write()).unwrap();
    let refused = held.keep(held.known().unwrap(), &mut Vec::new()).unwrap_err();
    assert!(refused.to_string().contains("was changed by something else"), "{refused}");
    assert_eq!(fs::read(&file).unwrap(), older.write());
}

/// What a run says, for somebody who waits for a word of it.
#[derive(Default)]
struct Told(Mutex<String>);

impl Told {
    fn said(&self) -> String {
        self.0.lock().unwrap().clone()
    }

    fn until(&self, words: &str) {
        let begun = Instant::now();
        while !self.said().contains(words) {
            assert!(begun.elapsed() < Duration::from_secs(30), "never said: {words}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Write for &Told {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().push_str(str::from_utf8(bytes).unwrap());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_memory_lies_beside_the_words_under_a_plain_name() {
    let beside = |words: Option<&str>| {
        Memory::beside(words.map(Path::new), "https://portal.example.com:444", "../margaret")
            .unwrap()
    };
    let name = "underseal_portal.example.com_444_.._margaret.memory";
    assert_eq!(beside(Some("words")), Path::new(name));
    assert_eq!(beside(Some("/safe/words")), Path::new("/safe").join(name));
    // Where the words are typed: one place, from whatever folder the program is called.
    let home = std::env::home_dir().unwrap();
    assert_eq!(beside(None), home.join(".underseal").join(name));
}
