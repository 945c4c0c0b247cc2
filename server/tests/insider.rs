//! What a colleague who keeps to no rule, with a server that lets them, can do to others: over the real
//! router, with statements that are signed and keys that are real.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

mod harness;
mod world;

use harness::acts::{
    COLLEAGUES, Colleague, Firm, PASSPHRASE, a_form, colleague, document, facts, filled, hand_in,
    link_parts,
};
use harness::client::Device;
use harness::enter;
use harness::{NOW, rt};
use server::db::Value;
use shared::client::enrol::Post;
use shared::client::filing::Filing as _;
use shared::client::matters::{Closed, MatterSummary, Sender};
use shared::client::people::Person;
use shared::client::{ClientError, Ring, Thing};
use shared::crypto::hash::Hash32;
use shared::crypto::keys::Caps;
use shared::crypto::sealed::RecordKind;
use shared::crypto::signed::Namespace;
use shared::ids::{FormId, InviteId, MatterId, RecordId};
use shared::journal::statement::{FormPublished, MatterAct, RecordRef};
use shared::journal::stream::StreamId;
use shared::keys::plain::{FirmV1, PersonV1};
use shared::matters::plain::{DescriptionV1, Label};
use shared::problem::Code;
use shared::secret::Secret;
use shared::time::HOUR;
use world::file::Sealed;
use world::script::Script;
use world::{Room, World};

fn described(title: &str) -> DescriptionV1 {
    DescriptionV1 {
        client: "Tomas Reyes".into(),
        title: title.into(),
        practice: "Property".into(),
        label: Label::Confidential,
    }
}

/// A firm with two matters; the insider sits at the first.
async fn firm_with_an_insider() -> (Firm, World, Room, MatterId) {
    let firm = Firm::founded().await;
    let second = firm.portal.create_matter(&firm.ring, &described("A wall")).await.unwrap();
    let world = World::inside(&firm).await;
    let kid = world.founder.kid();
    firm.portal.give_access(&firm.ring, firm.matter, kid).await.unwrap();
    let room = world.open(firm.matter).await;
    (firm, world, room, second)
}

/// The insider says something.
async fn say(world: &World, write: impl FnOnce(&mut Script<'_>)) -> Result<(), Code> {
    let mut script = Script::new(world).await;
    write(&mut script);
    world.append(&world.founder, &script.finish()).await.map(drop)
}

/// What only the server can do.
async fn tamper(world: &World, sql: &'static str, values: &[Value]) {
    let mut tx = world.app.db.begin().await.unwrap();
    tx.execute(sql, values).await.unwrap();
    tx.without_statement("a test tampers").await.unwrap();
}

/// The founder with nothing in memory.
async fn again(firm: &Firm) -> Ring {
    enter::enter(&firm.portal, "clara", &Secret::new(PASSPHRASE.to_owned())).await.unwrap()
}

/// Their titles, or why there is none, the first matter first.
fn titles(listed: &[MatterSummary], first: MatterId) -> Vec<Result<String, Closed>> {
    let mut rows: Vec<_> = listed.iter().collect();
    rows.sort_by_key(|row| row.matter != first);
    let title = |row: &&MatterSummary| {
        row.description.as_ref().map(|about| about.title.clone()).map_err(|closed| *closed)
    };
    rows.iter().map(title).collect()
}

fn wrong_key(world: &World, room: &Room) -> Room {
    let other = world::room(world.firm, room.id).key;
    Room { id: room.id, key: other, bundle: room.bundle.clone() }
}

async fn bad_grant(world: &World, room: &Room, to: &Colleague) {
    let directory = world.directory().await;
    let to = &directory.member_by_kid(to.kid).unwrap().bundle;
    let wrong = wrong_key(world, room);
    say(world, |script| script.grant(&wrong, to, &world.founder)).await.unwrap();
}

#[test]
fn a_key_that_does_not_open_closes_one_matter_until_it_is_given_again() {
    rt(async {
        let (firm, world, room, second) = firm_with_an_insider().await;
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        firm.portal.give_access(&firm.ring, second, bo.kid).await.unwrap();
        bad_grant(&world, &room, &bo).await;
        let listed = bo.portal.matters(&bo.ring).await.unwrap();
        assert_eq!(titles(&listed, firm.matter), [Err(Closed::Key), Ok("A wall".to_owned())]);
        assert!(bo.portal.matter(&bo.ring, second).await.is_ok());
        let closed = bo.portal.matter(&bo.ring, firm.matter).await;
        assert_eq!(closed.err(), Some(ClientError::NotVerified(Thing::Key)));
        // Nor does he pass on what he cannot open.
        let kid = world.founder.kid();
        let passed = bo.portal.give_access_again(&bo.ring, firm.matter, kid).await;
        assert_eq!(passed.err(), Some(ClientError::NotVerified(Thing::Key)));

        // For the founder's device he sits there already: only his own can tell.
        firm.portal.give_access(&firm.ring, firm.matter, bo.kid).await.unwrap();
        assert!(bo.portal.matter(&bo.ring, firm.matter).await.is_err());
        firm.portal.give_access_again(&firm.ring, firm.matter, bo.kid).await.unwrap();
        let view = bo.portal.matter(&bo.ring, firm.matter).await.unwrap();
        assert_eq!(view.description.unwrap().client, "Ines Okafor");
        let listed = bo.portal.matters(&bo.ring).await.unwrap();
        assert!(listed.iter().all(|row| row.description.is_ok()));
    });
}

#[test]
fn a_second_key_that_does_not_open_takes_the_first_from_nobody() {
    rt(async {
        let (firm, world, room, _) = firm_with_an_insider().await;
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        bad_grant(&world, &room, &bo).await;
        firm.portal.give_access_again(&firm.ring, firm.matter, bo.kid).await.unwrap();
        bad_grant(&world, &room, &bo).await;
        let view = bo.portal.matter(&bo.ring, firm.matter).await.unwrap();
        assert!(view.description.is_ok());
        // One seat, however often a key was given.
        assert_eq!(view.seats.iter().filter(|seat| seat.account.is_some()).count(), 3);
    });
}

#[test]
fn a_bad_key_to_the_office_leaves_one_outside_until_let_in_again() {
    rt(async {
        let (firm, world, _, _) = firm_with_an_insider().await;
        let link = firm.portal.invite_staff(&firm.ring, Post::Administrator, 7).await.unwrap();
        let (enrolment, fragment) = link_parts(&link);
        let word = || Secret::new(COLLEAGUES.to_owned());
        let desk = Device::new(&firm.router, NOW);
        enter::enrol(&desk, enrolment, &fragment, ("Ada Voss", "ada"), &word()).await.unwrap();
        firm.portal.admit(&firm.ring, enrolment).await.unwrap();
        let admin = enter::enter(&desk, "ada", &word()).await.unwrap();
        // Admitted by somebody who has no key to give, then by the insider given a wrong one.
        let link = desk.invite_staff(&admin, Post::Lawyer, 7).await.unwrap();
        let (enrolment, fragment) = link_parts(&link);
        let device = Device::new(&firm.router, NOW);
        enter::enrol(&device, enrolment, &fragment, ("Bo Lindqvist", "bo"), &word()).await.unwrap();
        desk.admit(&admin, enrolment).await.unwrap();
        let ring = enter::enter(&device, "bo", &word()).await.unwrap();
        let people = device.people(&ring).await.unwrap();
        let kid = people.iter().find(|one| one.handle.as_deref() == Some("bo")).unwrap().kid;
        let bo = Colleague { portal: device, ring, kid };
        bad_grant(&world, &world.office, &bo).await;

        let people = bo.portal.people(&bo.ring).await.unwrap();
        let me = people.iter().find(|one| one.kid == kid).unwrap();
        assert!(me.outside && me.name.as_deref() == Some("Bo Lindqvist"));
        assert!(bo.portal.matters(&bo.ring).await.unwrap().is_empty());
        assert_eq!(bo.portal.greeting(&bo.ring).await.unwrap().firm.unwrap(), "Marsh & Lindqvist");
        firm.portal.let_in(&firm.ring, kid).await.unwrap();
        assert_eq!(bo.portal.forms(&bo.ring).await.unwrap().len(), 1);
        let people = bo.portal.people(&bo.ring).await.unwrap();
        assert!(people.iter().all(|one| !one.outside && one.name.is_some()));
    });
}

#[test]
fn a_record_that_does_not_open_is_named_and_closes_nothing_else() {
    rt(async {
        let (firm, world, room, _) = firm_with_an_insider().await;
        let (invite, fragment) = link_parts(&firm.invite().await);
        let client = Device::new(&firm.router, NOW);
        let intake = client.open_invite(invite, Some(&fragment)).await.unwrap();
        let bytes = document(1000);
        let filed = hand_in(&intake, "lease.pdf", &bytes).await.unwrap();
        intake.submit(&filled(&intake), &[filed.object]).await.unwrap();
        // A description, and an invitation whose secret nobody can open.
        say(&world, |script| script.describe(&room, &world.founder)).await.unwrap();
        let expires = NOW.plus(HOUR);
        say(&world, |script| script.invite(&room, InviteId::random(), expires, &world.founder))
            .await
            .unwrap();
        for ring in [firm.ring.clone(), again(&firm).await] {
            let listed = firm.portal.matters(&ring).await.unwrap();
            let expected = [Err(Closed::Description), Ok("A wall".to_owned())];
            assert_eq!(titles(&listed, firm.matter), expected);
            let one = listed.iter().find(|row| row.matter == firm.matter).unwrap();
            assert_eq!(one.submissions.len(), 1, "what it holds is listed all the same");
            let view = firm.portal.matter(&ring, firm.matter).await.unwrap();
            assert_eq!(view.description.err(), Some(Closed::Description));
            assert_eq!(view.documents[0].named.opened().unwrap().name, "lease.pdf");
            let forms: Vec<_> = view.invites.iter().map(|one| one.form.is_some()).collect();
            assert_eq!(forms.iter().filter(|opens| **opens).count(), 1);
            assert_eq!(forms.len(), 2);
            let client = &view.clients[0];
            assert!(client.genuine && client.level == Some(1));
        }
        assert!(firm.read(filed.object).await.unwrap() == bytes);
    });
}

#[test]
fn a_matter_whose_record_is_withheld_is_named_and_closes_nothing_else() {
    rt(async {
        let (firm, world, _, second) = firm_with_an_insider().await;
        let stream = StreamId::Matter(firm.matter).to_string();
        tamper(
            &world,
            "DELETE FROM attachment WHERE leaf IN (SELECT leaf FROM statement WHERE stream = $1)",
            &[Value::from(stream)],
        )
        .await;
        let ring = again(&firm).await;
        // Asked twice: what was read of it the first time is not taken for the whole.
        for _ in 0..2 {
            let listed = firm.portal.matters(&ring).await.unwrap();
            let expected = [Err(Closed::Stream), Ok("A wall".to_owned())];
            assert_eq!(titles(&listed, firm.matter), expected);
        }
        assert!(firm.portal.matter(&ring, second).await.is_ok());
        let broken = firm.portal.matter(&ring, firm.matter).await;
        assert_eq!(broken.err(), Some(ClientError::NotVerified(Thing::Matter)));
    });
}

fn named<'a>(people: &'a [Person], handle: &str) -> &'a Person {
    people.iter().find(|one| one.handle.as_deref() == Some(handle)).unwrap()
}

fn describe(script: &mut Script<'_>, office: &Room, world: &World, record: RecordRef) {
    script.at(office, &world.founder, MatterAct::Described(record));
}

#[test]
fn a_colleague_renames_nobody_and_a_name_that_does_not_open_is_one_persons() {
    rt(async {
        let (firm, world, _, _) = firm_with_an_insider().await;
        let clara = firm.ring.account().unwrap();
        let bo = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        let (office, kind) = (&world.office, RecordKind::Profile);
        let profile = |account| PersonV1 { account, name: "Somebody Else".into() };
        let own = world.founder.account;
        // Under a colleague's id, under one of the insider's own, under none, and one that nobody opens.
        for (record, account, opens) in [
            (RecordId(clara.0), clara, true),
            (RecordId(own.0), clara, true),
            (RecordId::random(), clara, true),
            (RecordId(clara.0), clara, false),
            (RecordId(own.0), own, false),
        ] {
            say(&world, |script| {
                let record = match opens {
                    true => script.sealed(office, kind, record, &profile(account)),
                    false => script.garbled(office, kind, record),
                };
                describe(script, office, &world, record);
            })
            .await
            .unwrap();
            for (portal, ring) in [(&bo.portal, &bo.ring), (&firm.portal, &firm.ring)] {
                let people = portal.people(ring).await.unwrap();
                let seen = named(&people, "clara");
                assert_eq!((seen.name.as_deref(), seen.unreadable), (Some("Clara Marsh"), false));
            }
        }
        let insider = format!("p{own}");
        for ring in [firm.ring.clone(), again(&firm).await] {
            let people = firm.portal.people(&ring).await.unwrap();
            let seen = named(&people, &insider);
            assert_eq!((seen.name.as_deref(), seen.unreadable), (None, true));
            firm.portal.matter(&ring, firm.matter).await.unwrap();
        }
        // What whoever admitted them wrote before does not come back; what they write next counts.
        say(&world, |script| {
            let profile = PersonV1 { account: own, name: "Max Thorne".into() };
            let record = script.sealed(office, kind, RecordId(own.0), &profile);
            describe(script, office, &world, record);
        })
        .await
        .unwrap();
        let people = firm.portal.people(&firm.ring).await.unwrap();
        assert_eq!(named(&people, &insider).name.as_deref(), Some("Max Thorne"));
    });
}

#[test]
fn a_lawyer_does_not_rename_the_firm() {
    rt(async {
        let (firm, world, _, _) = firm_with_an_insider().await;
        let rename = async || {
            say(&world, |script| {
                let name = FirmV1 { name: "Thorne & Nobody".into() };
                let kind = RecordKind::Firm;
                let record = script.sealed(&world.office, kind, RecordId::random(), &name);
                describe(script, &world.office, &world, record);
            })
            .await
        };
        assert_eq!(rename().await.unwrap_err(), Code::InvalidStatement);
        // A server that takes it all the same convinces no device.
        let kid = Value::from(world.founder.kid().0);
        let caps = Value::from(u64::from(Caps::ALL.0));
        tamper(&world, "UPDATE signer SET caps = $1 WHERE kid = $2", &[caps, kid]).await;
        rename().await.unwrap();
        for ring in [firm.ring.clone(), again(&firm).await] {
            assert_eq!(
                firm.portal.greeting(&ring).await.unwrap().firm.unwrap(),
                "Marsh & Lindqvist"
            );
        }
        let (invite, fragment) = link_parts(&firm.invite().await);
        let client = Device::new(&firm.router, NOW);
        let intake = client.open_invite(invite, Some(&fragment)).await.unwrap();
        assert_eq!(intake.firm_name(), "Marsh & Lindqvist");
    });
}

#[test]
fn a_form_that_does_not_open_is_named_and_closes_no_other() {
    rt(async {
        let (firm, world, _, _) = firm_with_an_insider().await;
        let (invite, fragment) = link_parts(&firm.invite().await);
        let client = Device::new(&firm.router, NOW);
        let intake = client.open_invite(invite, Some(&fragment)).await.unwrap();
        intake.submit(&filled(&intake), &[]).await.unwrap();
        let form = FormId::random();
        say(&world, |script| {
            let definition = script.garbled(&world.office, RecordKind::Form, RecordId::random());
            let act = FormPublished { form, version: 1, form_hash: Hash32([1; 32]), definition };
            script.by(&world.founder, Namespace::Form, StreamId::Forms, act);
        })
        .await
        .unwrap();
        let forms = firm.portal.forms(&firm.ring).await.unwrap();
        let opens = |form| forms.iter().find(|one| one.form == form).unwrap().definition.is_some();
        assert!(opens(firm.form) && !opens(form));
        let terms = harness::acts::terms();
        let refused = firm.portal.invite_client(&firm.ring, firm.matter, form, &terms).await;
        assert_eq!(refused.err(), Some(ClientError::NotVerified(Thing::Forms)));
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        let submission = view.submissions[0].submission;
        firm.portal.open_answers(&firm.ring, firm.matter, submission).await.unwrap();
        // The next version opens.
        firm.portal.publish_form(&firm.ring, form, &a_form()).await.unwrap();
        let forms = firm.portal.forms(&firm.ring).await.unwrap();
        assert!(forms.iter().all(|one| one.definition.is_some()));
    });
}

#[test]
fn a_foreign_object_under_a_documents_id_is_not_taken_for_it() {
    rt(async {
        let (firm, world, room, _) = firm_with_an_insider().await;
        let filing = firm.portal.filing(&firm.ring, firm.matter);
        let bytes = document(1000);
        let plan = filing.begin_document(&facts("brief.pdf", &bytes)).await.unwrap();
        filing.seal_and_send(&plan, 0, &bytes).await.unwrap();
        // The server gives the place away.
        let object = plan.object();
        tamper(&world, "DELETE FROM part WHERE object = $1", &[Value::from(object)]).await;
        tamper(&world, "DELETE FROM upload WHERE object = $1", &[Value::from(object)]).await;
        let theirs = Sealed::under(&world, &room, &world.founder, &bytes, object, None);
        theirs.store(&world, &room, &world.founder).await.unwrap();
        let refused = filing.file_document(&plan).await;
        assert_eq!(refused.err(), Some(ClientError::NotVerified(Thing::Document)));
        let view = firm.portal.matter(&firm.ring, firm.matter).await.unwrap();
        assert_eq!(view.documents.len(), 1, "and the insider's stands under the insider's name");
        assert_eq!(view.documents[0].from, Sender::Staff(world.founder.account));
    });
}
