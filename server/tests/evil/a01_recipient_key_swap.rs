//! A01: somebody gives a colleague access, and the server gives its own key for the colleague's.

use shared::client::directory::open_self_signed;
use shared::client::enrol::Post;
use shared::crypto::cbor::encode;
use shared::crypto::keys::Role;
use shared::crypto::signed::{Namespace, Signed};
use shared::journal::statement::{Admitted, KeyringAct};
use shared::journal::stream::StreamId;

use crate::frame::forge::{directory, resigned};
use crate::frame::journal::{Journal, entries, stream};
use crate::frame::{attempt, twist};
use crate::harness::NOW;
use crate::harness::acts::colleague;

const ROW: &str = "A01";

/// The admission that the founder signed, with the server's keys in it, under the founder's name and
/// with proofs of a journal that holds it.
#[test]
fn a_colleagues_keys_are_the_servers_own() {
    attempt(ROW, "NotVerified(Keyring)", async |stage| {
        let firm = stage.firm().await;
        let victim = colleague(&firm, Post::Lawyer, "Bo Lindqvist", "bo").await;
        firm.portal.give_access(&firm.ring, firm.matter, victim.kid).await.unwrap();
        let other = colleague(&firm, Post::Lawyer, "Ada Thorne", "ada").await;
        stage.truth(&firm).await;

        let thief = stage.attacker(Role::Staff);
        let keyring = stream(&firm, StreamId::Keyring).await;
        let account = directory(&firm).await.member_by_kid(other.kid).unwrap().account;
        // The server has no key of the founder's: it signs with its own.
        let entry = resigned(keyring.last().unwrap(), &thief.signing, |act| {
            let KeyringAct::Admitted(Admitted { bundle, .. }) = act else {
                panic!("the last act of the keyring is an admission")
            };
            let known = open_self_signed(bundle).unwrap();
            let role = Role::Staff;
            let own = thief.bundle(role, known.subject, known.firm, NOW, None, known.caps);
            let signed =
                Signed::sign(Namespace::StaffBundle, &thief.signing, own.kid(), &encode(&own));
            *bundle = signed.unwrap().into_bytes();
        });
        // Whoever admitted the colleague also let them into the office: the server keeps that back.
        let (leaf, all) = (entry.leaf, entries(&firm).await);
        let later = all.iter().map(|one| one.leaf).filter(|later| *later > leaf);
        let journal = later.fold(Journal::of(&firm).await.exchange(entry), Journal::leave_out);
        twist(&victim.portal, journal.twist());

        let people = victim.portal.people(&victim.ring).await?;
        let shown = people.iter().find(|one| one.account == account).unwrap().kid;
        assert_ne!(shown, other.kid, "the exchange was not shown");
        let given = victim.portal.give_access(&victim.ring, firm.matter, shown).await;
        stage.robbed(given).await
    });
}
