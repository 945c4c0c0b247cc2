//! What an export contains, worked out from the verified matter and its keys. Writer and reader
//! both do this, and the reader compares: the list of contents cannot say anything of its own.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::index::{self, Object, Person, Submission, Verified};
use crate::client::directory::Directory;
use crate::client::papers::is_paper;
use crate::client::read;
use crate::client::room::{Filed, Room};
use crate::crypto::keys::{Kid, MatterKey};
use crate::crypto::manifest::FileKind;
use crate::ids::{ObjectId, SubmissionId};
use crate::journal::statement::Decision;
use crate::journal::verdict::Ways;

/// Gives the key of an epoch, if it is at hand.
pub type KeyOf<'a, 'k> = &'a dyn Fn(u32) -> Option<&'k MatterKey>;

/// The number of each object: its place among the objects in the matter's stream, from 1.
pub(super) fn numbers(room: &Room) -> BTreeMap<ObjectId, usize> {
    let mut objects: Vec<_> =
        room.objects.iter().map(|(object, filed)| (filed.seq, *object)).collect();
    objects.sort_unstable();
    objects.into_iter().zip(1..).map(|((_, object), number)| (object, number)).collect()
}

/// Every object, in the order of its number.
pub(super) fn objects<'k>(room: &Room, key_of: KeyOf<'_, 'k>) -> Vec<Object> {
    let came_with = came_with(room);
    let answers: BTreeMap<ObjectId, SubmissionId> = room
        .submissions
        .values()
        .map(|submission| (submission.submitted.answers, submission.submitted.submission))
        .collect();
    let mut objects: Vec<(usize, Object)> = numbers(room)
        .into_iter()
        .filter_map(|(id, number)| Some((number, id, room.objects.get(&id)?)))
        .map(|(number, id, filed)| {
            let shred = room.shreds(id).map(index::rfc3339);
            let file = match answers.get(&id) {
                // Nor does a document that was looked at as a paper go where nobody shreds it.
                _ if is_paper(&filed.manifest.context) || shred.is_some() => None,
                Some(submission) => Some(index::answers_file(number, *submission)),
                None => Some(index::document_file(number, id)),
            };
            let listed = object((number, id), file, filed, key_of, came_with.get(&id).copied());
            (number, Object { shred, ..listed })
        })
        .collect();
    objects.sort_unstable_by_key(|(number, _)| *number);
    objects.into_iter().map(|(_, object)| object).collect()
}

fn came_with(room: &Room) -> BTreeMap<ObjectId, SubmissionId> {
    room.submissions
        .values()
        .flat_map(|submission| {
            let submitted = &submission.submitted;
            core::iter::once(&submitted.answers)
                .chain(&submitted.documents)
                .map(|object| (*object, submitted.submission))
        })
        .collect()
}

fn object<'k>(
    (number, id): (usize, ObjectId),
    file: Option<String>,
    filed: &Filed,
    key_of: KeyOf<'_, 'k>,
    submission: Option<SubmissionId>,
) -> Object {
    let manifest = &filed.manifest;
    // Metadata that do not open leave the names empty; the sealed file goes along all the same.
    let key = key_of(manifest.context.epoch).filter(|_| file.is_some());
    let opened = key.and_then(|key| read::unseal(filed, key).ok());
    let meta = opened.map(|(_, meta)| meta);
    let kind = match manifest.context.kind {
        FileKind::Form => "answers",
        FileKind::Code => "code",
        FileKind::Identification => "identity",
        _ => "document",
    };
    Object {
        object: id,
        file,
        manifest: index::manifest_file(number, id),
        kind: kind.into(),
        name: meta.as_ref().map(|meta| meta.name.clone()),
        mime: meta.as_ref().map(|meta| meta.mime.clone()),
        size: meta.as_ref().map(|meta| meta.size),
        digest: meta.as_ref().map(|meta| meta.digest.to_string()),
        sender: filed.sender,
        received: index::rfc3339(filed.arrived),
        claimed: index::rfc3339(manifest.time),
        epoch: manifest.context.epoch,
        submission,
        shred: None,
    }
}

/// Every submission, oldest first, without what only the opened answers tell.
pub(super) fn submissions(room: &Room) -> Vec<Submission> {
    let mut submissions: Vec<_> = room.submissions.values().collect();
    submissions.sort_by_key(|submission| (submission.arrived, submission.submitted.submission));
    submissions
        .into_iter()
        .map(|submission| Submission {
            submission: submission.submitted.submission,
            received: index::rfc3339(submission.arrived),
            state: state(submission.decision).into(),
            sender: submission.client,
            answers: submission.submitted.answers,
            readable: None,
            documents: submission.submitted.documents.clone(),
            form: None,
        })
        .collect()
}

const fn state(decision: Option<Decision>) -> &'static str {
    match decision {
        None => "waiting",
        Some(Decision::Accepted) => "accepted",
        Some(Decision::Declined) => "declined",
        Some(Decision::AskedBack) => "asked back",
    }
}

/// Whoever signed something in the matter; names come from elsewhere.
pub(super) fn people(room: &Room, directory: &Directory) -> Vec<Person> {
    let clients = room.clients.iter().map(|(kid, client)| Person {
        key: *kid,
        part: if client.level.is_some() { "client" } else { "not accepted" }.into(),
        name: None,
        // By a verdict, and by nothing that whoever sits here could say in passing.
        level: client.level.map(|_| if room.verified_by(*kid).is_some() { 2 } else { 1 }),
        verified: client.level.and_then(|_| verified(room, *kid)),
    });
    let staff = directory
        .members()
        .map(|member| member.bundle.kid())
        .filter(|kid| room.was_seated(*kid))
        .map(|kid| Person {
            key: kid,
            part: "staff".into(),
            name: None,
            level: None,
            verified: None,
        });
    staff.chain(clients).collect()
}

fn verified(room: &Room, client: Kid) -> Option<Verified> {
    let (ways, by, time, until) = room.verified_by(client)?;
    let ways = ways.each().map(|way| way_name(way).into()).collect();
    Some(Verified { ways, by, time: index::rfc3339(time), until: until.map(index::rfc3339) })
}

const fn way_name(way: Ways) -> &'static str {
    match way {
        Ways::SPOKEN => "spoken",
        Ways::CODE => "code",
        Ways::PAPER => "paper",
        Ways::QUESTIONS => "questions",
        _ => "met",
    }
}

fn way_words(name: &str) -> &'static str {
    match name {
        "spoken" => "by comparing the spoken number",
        "code" => "by a one-time code",
        "paper" => "by an identity paper",
        "questions" => "by questions",
        _ => "in person",
    }
}

/// How a client who was verified is named: in which ways, by whom, when, and until when.
fn verified_words(people: &[Person], known: &Verified) -> String {
    let ways: Vec<&str> = known.ways.iter().map(|way| way_words(way)).collect();
    let by = people.iter().find(|person| person.key == known.by);
    let by = by.and_then(|person| person.name.clone()).unwrap_or_else(|| known.by.to_string());
    let until = known.until.as_ref().map(|end| format!(", until {end}")).unwrap_or_default();
    format!(
        "the client who was invited (whose identity {by} verified {} on {}{until})",
        ways.join(" and "),
        known.time
    )
}

/// How a sender is named on the page of answers.
pub(super) fn sender_words(people: &[Person], kid: Kid) -> String {
    let words = match people.iter().find(|person| person.key == kid) {
        Some(Person { level: Some(1), .. }) => {
            "the client who was invited (known by the link alone)"
        }
        Some(Person { level: Some(_), verified: Some(known), .. }) => {
            return verified_words(people, known);
        }
        Some(Person { level: Some(_), .. }) => {
            "the client who was invited (whose identity the firm verified)"
        }
        _ => "somebody whose key the firm did not accept",
    };
    words.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(key: u8, level: Option<u8>, verified: Option<Verified>) -> Person {
        let part = if level.is_some() { "client" } else { "staff" }.into();
        let name = level.is_none().then(|| "Clara Marsh".into());
        Person { key: Kid([key; 32]), part, name, level, verified }
    }

    #[test]
    fn a_sender_is_named_with_how_they_are_known() {
        let known = |by: u8, until: Option<&str>| Verified {
            ways: alloc::vec!["paper".into(), "met".into()],
            by: Kid([by; 32]),
            time: "2026-11-22T09:00:00Z".into(),
            until: until.map(Into::into),
        };
        let end = Some("2027-11-22T09:00:00Z");
        let people = [
            person(1, None, None),
            person(2, Some(1), None),
            person(3, Some(2), Some(known(1, end))),
            person(4, Some(2), None),
            person(5, Some(2), Some(known(9, None))),
        ];
        let said = |key: u8| sender_words(&people, Kid([key; 32]));
        assert_eq!(said(2), "the client who was invited (known by the link alone)");
        assert_eq!(
            said(3),
            "the client who was invited (whose identity Clara Marsh verified by an identity paper and in person \
             on 2026-11-22T09:00:00Z, until 2027-11-22T09:00:00Z)"
        );
        assert_eq!(said(4), "the client who was invited (whose identity the firm verified)");
        // Nobody's name stands in for a key that is not listed.
        assert!(said(5).contains(&Kid([9; 32]).to_string()));
        assert_eq!(said(6), "somebody whose key the firm did not accept");
    }
}
