//! A01: somebody gives a colleague access, and the server gives its own key for the colleague's.

use shared::client::enrol::Post;
use shared::crypto::cbor::{decode_strict, encode};
use shared::crypto::keys::Role;
use shared::crypto::signed::{MAX_BODY, Namespace, Signed};
use shared::journal::statement::{Admitted, KeyringAct, Placed};
use shared::journal::stream::StreamId;

use crate::frame::journal::{Journal, entries, stream};
use crate::frame::{attempt, refused, twist};
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
        let mut entry = keyring.last().unwrap().clone();
        let honest = Signed::parse(&entry.statement.0).unwrap();
        let mut body: Placed<KeyringAct> = decode_strict(honest.body(), MAX_BODY).unwrap();
        let KeyringAct::Admitted(Admitted { account, bundle, .. }) = &mut body.act else {
            panic!("the last act of the keyring is an admission")
        };
        let account = *account;
        let known = shared::client::directory::open_self_signed(bundle).unwrap();
        let caps = known.caps;
        let own = thief.bundle(Role::Staff, account.0, known.firm, NOW, None, caps);
        *bundle = Signed::sign(Namespace::StaffBundle, &thief.signing, own.kid(), &encode(&own))
            .unwrap()
            .into_bytes();
        // The server has no key of the founder's: it signs with its own.
        let (signer, body) = (honest.signer(), encode(&body));
        let forged = Signed::sign(Namespace::Keyring, &thief.signing, signer, &body).unwrap();
        entry.statement.0 = forged.into_bytes();
        // Whoever admitted the colleague also let them into the office: the server keeps that back.
        let (leaf, all) = (entry.leaf, entries(&firm).await);
        let later = all.iter().map(|one| one.leaf).filter(|later| *later > leaf);
        let journal = later.fold(Journal::of(&firm).await.exchange(entry), Journal::leave_out);
        twist(&victim.portal, journal.twist());

        let people = victim.portal.people(&victim.ring).await?;
        let shown = people.iter().find(|one| one.account == account).unwrap().kid;
        assert_ne!(shown, other.kid, "the exchange was not shown");
        let given = victim.portal.give_access(&victim.ring, firm.matter, shown).await;
        if stage.is_robbed().await {
            return Ok(());
        }
        given?;
        refused("nothing was wrapped for the server")
    });
}
