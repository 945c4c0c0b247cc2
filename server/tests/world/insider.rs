//! A lawyer with keys that the test holds, in a firm that was founded through the client core: for
//! what no device of ours signs.

use shared::client::enrol::Post;
use shared::crypto::cbor::{decode_strict, encode};
use shared::crypto::invite::Fragment;
use shared::crypto::keys::{Caps, MatterKey, Role, SigningKey};
use shared::crypto::sealed::{RecordKind, seal_record};
use shared::crypto::signed::{MAX_BODY, Namespace, Signed};
use shared::crypto::wrapped::{self, WrapContext};
use shared::ids::{EnrolmentId, InviteId, MatterId};
use shared::journal::statement::{EpochAct, Granted, MatterAct, Placed};
use shared::journal::stream::StreamId;
use shared::keys::plain::PersonV1;

use super::{Room, World, person, room, script};
use crate::harness::acts::{Firm, link_parts};

impl World {
    /// A firm as a lawyer has it whom its founder invited, admitted and let in. The lawyer stands
    /// where a world has its founder.
    pub async fn inside(firm: &Firm) -> Self {
        let caps = Caps::GRANT | Caps::FORMS | Caps::INVITE | Caps::MATTERS;
        let (world, enrolment) = Self::waiting(firm, Post::Lawyer, caps).await;
        firm.portal.admit(&firm.ring, enrolment).await.unwrap();
        world.at_work().await
    }

    /// A lawyer who was admitted signs in.
    pub async fn at_work(mut self) -> Self {
        self.founder.cookie = self.session(super::For::Account(self.founder.account)).await;
        self.office = self.open(self.office.id).await;
        self
    }

    /// Somebody before admission: invited to a post, and enrolled with keys that may do this.
    pub async fn waiting(firm: &Firm, post: Post, caps: Caps) -> (Self, EnrolmentId) {
        let link = firm.portal.invite_staff(&firm.ring, post, 7).await.unwrap();
        let (enrolment, fragment): (EnrolmentId, String) = link_parts(&link);
        let mut world = Self::outside(firm).await;
        let id = world.firm;
        let role = if post == Post::Lawyer { Role::Staff } else { Role::Admin };
        world.founder = person(id, role, caps);

        let keys = Fragment::parse(&fragment).unwrap_or_else(|_| panic!("a link")).secret.derive();
        let bundle = script::self_signed(&world.founder);
        let mac = keys.ci_mac(&bundle, InviteId(enrolment.0), id);
        let account = world.founder.account;
        let name = encode(&PersonV1 { account, name: "Max Thorne".into() });
        let kind = RecordKind::Profile;
        let name = seal_record(&keys.seal, kind, account.0, &encode(&enrolment), &name).unwrap();
        world.enrol(&world.founder, enrolment, mac, &name).await;
        (world, enrolment)
    }

    /// A firm as its server has it: everything but people's keys. Whoever stands where a world has its
    /// founder is nobody.
    pub async fn outside(firm: &Firm) -> Self {
        let server = firm.server.clone();
        let known = {
            let mut read = server.app.db.read().await.unwrap();
            server::journal::store::directory::firm(&mut read).await.unwrap().unwrap()
        };
        let (id, office) = (known.fingerprint, known.office);
        // The firm's root signs nothing here: this one is nobody's.
        let root = SigningKey::generate();
        let nobody = person(id, Role::Staff, Caps::NONE);
        Self { server, root, firm: id, office: room(id, office), founder: nobody }
    }

    /// A matter whose key the lawyer was given.
    pub async fn open(&self, matter: MatterId) -> Room {
        let directory = self.directory().await;
        let (mut bundle, mut key) = (None, None);
        for entry in self.entries(StreamId::Matter(matter)).await {
            let signed = Signed::parse(&entry.statement.0).unwrap();
            if signed.namespace() == Namespace::EpochKey {
                let body: Placed<EpochAct> = decode_strict(signed.body(), MAX_BODY).unwrap();
                bundle = Some(body.act.key);
            }
            if signed.namespace() == Namespace::Matter {
                let body: Placed<MatterAct> = decode_strict(signed.body(), MAX_BODY).unwrap();
                let MatterAct::Granted(Granted { recipient, epoch, .. }) = body.act else {
                    continue;
                };
                if recipient == self.founder.kid() {
                    let context = WrapContext { firm: self.firm, matter, epoch, purpose: 1 };
                    let kem = self.founder.keys.kem.as_ref().unwrap();
                    let known = |kid| directory.member_by_kid(kid)?.bundle.verify_key;
                    let envelope = &entry.attachments[0].0;
                    let seed =
                        wrapped::open(envelope, recipient, kem, &context, known).ok().unwrap();
                    key = Some(MatterKey::from_seed(seed.seed()));
                }
            }
        }
        Room { id: matter, key: key.unwrap(), bundle: bundle.unwrap() }
    }
}
