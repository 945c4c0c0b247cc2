//! A code by mail, over a real mail server: taken, put off, refused, absent; and never an address where one stays.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use shared::client::ClientError;
use shared::client::contact::Compared;
use shared::journal::code::Channel;
use shared::matters::mail::{CodeMail, MailState};
use shared::problem::Code;
use shared::time::{DAY, MINUTE};

use crate::Case;
use crate::harness::acts::{Colleague, Firm, Tale, colleague};
use crate::harness::smtp::Sink;
use crate::harness::{NOW, TestApp, rt};

const ADDRESS: &str = "amara.okonkwo@example.com";

async fn at(port: u16) -> Case {
    patient(port, "1").await
}

async fn patient(port: u16, wait: &str) -> Case {
    let server = format!("smtp://127.0.0.1:{port}");
    let settings = [
        ("smtp.server", server.as_str()),
        ("smtp.from", "portal@firm.example"),
        ("smtp.retry-seconds", wait),
    ];
    let app = TestApp::with(&settings).await;
    Case::of(Firm::at(app, &Tale::USUAL).await, None).await
}

impl Case {
    async fn asked(&self) -> String {
        let Firm { portal, ring, matter, .. } = &self.firm;
        portal.ask_code(ring, *matter, self.client, Channel::Mail).await.unwrap();
        portal.code(ring, *matter, self.client).unwrap()
    }

    async fn send(&self, address: &str) -> Result<CodeMail, ClientError> {
        let Firm { portal, ring, matter, .. } = &self.firm;
        portal.send_code(ring, *matter, self.client, address).await
    }

    async fn fares(&self) -> CodeMail {
        let record = self.client().await.code.map(|code| code.record);
        self.firm.portal.code_mail(record).await.unwrap()
    }

    /// Waits until the mail stands there.
    async fn until(&self, state: MailState, tries: u32) -> CodeMail {
        for _ in 0..200 {
            let fares = self.fares().await;
            if fares.state == state && fares.tries >= tries {
                return fares;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the mail never came to {state:?}: {:?}", self.fares().await);
    }
}

#[test]
fn a_mailed_code_comes_back_and_names_nobody() {
    rt(async {
        let sink = Sink::open(&["250 ok"]).await;
        let case = at(sink.port).await;
        assert_eq!(case.fares().await.state, MailState::Never);
        let code = case.asked().await;
        assert_eq!(case.send(ADDRESS).await.unwrap().state, MailState::Waiting);
        case.until(MailState::Sent, 1).await;
        let mail = sink.taken().pop().unwrap();
        assert_eq!((mail.from.as_str(), mail.to.as_str()), ("portal@firm.example", ADDRESS));
        let (head, tail) = code.split_at(4);
        assert!(mail.data.contains(&format!("{head} {tail}")));
        let tale = Tale::USUAL;
        for word in [tale.firm, tale.founder, tale.client, tale.title, "Marsh", "Okafor"] {
            assert!(!mail.data.contains(word), "{word}");
        }
        case.intake.answer_code(&code).await.unwrap();
        let Firm { portal, ring, matter, .. } = &case.firm;
        let compared = portal.compare_code(ring, *matter, case.client).await;
        assert_eq!(compared, Ok(Compared::Right));
        // Once is once: a verdict ended the code.
        assert_eq!(case.send(ADDRESS).await, Err(ClientError::Missing));
    });
}

#[test]
fn who_says_later_is_asked_again_and_no_row_has_an_address() {
    let (lines, told) = (Lines::default(), Lines::default());
    let writer = lines.clone();
    let logs = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE);
    let logs = logs.with_writer(move || writer.clone()).finish();
    let heard = tracing::subscriber::set_default(logs);
    rt(async {
        let sink =
            Sink::open(&["451 later for <amara.okonkwo@example.com>", "451 later", "250 ok"]).await;
        let case = at(sink.port).await;
        let code = case.asked().await;
        case.send(ADDRESS).await.unwrap();
        let waits = case.until(MailState::Waiting, 1).await;
        assert!(waits.next > NOW.0 && sink.taken().is_empty());
        // While it is in memory it is nowhere else.
        for needle in [ADDRESS, "amara", code.as_str()] {
            assert!(!stored(&case, needle), "{needle} is stored");
        }
        assert_eq!(case.until(MailState::Sent, 3).await.tries, 3);
        assert_eq!((sink.asked(), sink.taken().len()), (3, 1));
        told.0.lock().unwrap().extend(code.bytes());
    });
    drop(heard);
    let (lines, code) = (lines.0.lock().unwrap(), told.0.lock().unwrap());
    assert!(memchr::memmem::find(&lines, b"a mail waits").is_some());
    for needle in [b"amara".as_slice(), code.as_slice()] {
        assert!(memchr::memmem::find(&lines, needle).is_none(), "the log has it");
    }
}

/// What was logged.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Whether something stands in any file of the server's.
fn stored(case: &Case, needle: &str) -> bool {
    let mut folders = vec![case.firm.server.data.path().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if memchr::memmem::find(
                &std::fs::read(&path).unwrap_or_default(),
                needle.as_bytes(),
            )
            .is_some()
            {
                return true;
            }
        }
    }
    false
}

#[test]
fn a_refused_address_is_told_and_another_may_be_handed_over() {
    rt(async {
        let sink = Sink::open(&["550 no such mailbox", "250 ok"]).await;
        let case = at(sink.port).await;
        case.asked().await;
        case.send("nobody@example.com").await.unwrap();
        case.until(MailState::Refused, 1).await;
        case.send(ADDRESS).await.unwrap();
        case.until(MailState::Sent, 1).await;
    });
}

#[test]
fn a_mail_server_that_is_down_is_told_and_tried_again_until_the_code_ends() {
    rt(async {
        let case = at(Sink::closed().await).await;
        case.asked().await;
        case.send(ADDRESS).await.unwrap();
        case.until(MailState::Waiting, 2).await;
        // A day later the lawyer's session is over; the mail is, too.
        case.firm.server.set_clock(NOW.plus(DAY + MINUTE));
        for _ in 0..200 {
            let mut read = case.firm.server.app.db.read().await.unwrap();
            let row = read.fetch_optional("SELECT state FROM code_mail", &[]).await.unwrap();
            drop(read);
            // As the number in the table says: given up.
            if row.unwrap().get::<i64>(0).unwrap() == 4 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the mail is not given up");
    });
}

#[test]
fn a_mail_that_nobody_holds_any_more_is_lost_and_may_be_handed_over_again() {
    rt(async {
        let case = patient(Sink::closed().await, "3600").await;
        case.asked().await;
        case.send(ADDRESS).await.unwrap();
        case.until(MailState::Waiting, 1).await;
        // Whoever held the address went silent, as one that ended does.
        case.firm.server.pass(3 * MINUTE);
        assert_eq!(case.fares().await.state, MailState::Lost);
        assert_eq!(case.send(ADDRESS).await.unwrap().state, MailState::Waiting);
    });
}

#[test]
fn the_relay_is_no_open_gate() {
    rt(async {
        let sink = Sink::open(&["250 ok"]).await;
        let case = at(sink.port).await;
        let Firm { portal, ring, matter, .. } = &case.firm;
        // What is read aloud is not mailed.
        portal.ask_code(ring, *matter, case.client, Channel::Voice).await.unwrap();
        assert_eq!(case.send(ADDRESS).await, Err(ClientError::Refused(Code::NotFound)));
        case.asked().await;
        for bad in ["", "amara", "a@b@example.com", "a@example.com\r\nBcc: b@example.com"] {
            assert_eq!(case.send(bad).await, Err(ClientError::Unfit), "{bad:?}");
        }
        // Nobody without a seat asks, nor sends.
        let post = shared::client::enrol::Post::Lawyer;
        let bo: Colleague = colleague(&case.firm, post, "Bo", "bo").await;
        let record = case.client().await.code.unwrap().record;
        let asked = bo.portal.code_mail(Some(record)).await;
        assert_eq!(asked, Err(ClientError::Refused(Code::NotFound)));
        assert_eq!(sink.asked(), 0);
        // Ten an hour; one was counted above.
        for _ in 0..9 {
            case.send(ADDRESS).await.unwrap();
            case.until(MailState::Sent, 1).await;
            case.asked().await;
        }
        let often = case.send(ADDRESS).await;
        assert!(matches!(often, Err(ClientError::Wait(_))), "{often:?}");
    });
}

#[test]
fn without_a_mail_server_it_says_so() {
    rt(async {
        let case = Case::new(None).await;
        assert_eq!(case.fares().await.state, MailState::NoRelay);
        case.asked().await;
        assert_eq!(case.send(ADDRESS).await.unwrap().state, MailState::NoRelay);
    });
}
