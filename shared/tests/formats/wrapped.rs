//! `USK1`: the acceptance checks of a key envelope, one by one.

use shared::crypto::error::OpenError;
use shared::crypto::hash::Hash32;
use shared::crypto::keys::{KemKey, Kid, MatterKey, SigningKey, VerifyKey};
use shared::crypto::signed::{Namespace, Signed};
use shared::crypto::wrapped::{Signer, WrapContext, open, recipient_of, seal};
use shared::ids::MatterId;

use super::every_mutation;

const CONTEXT: WrapContext =
    WrapContext { firm: Hash32([1; 32]), matter: MatterId([2; 16]), epoch: 3, purpose: 1 };
const RECIPIENT: Kid = Kid([4; 32]);
const SIGNER: Kid = Kid([5; 32]);
const PUB_KID: Kid = Kid([6; 32]);

struct Scene {
    recipient: KemKey,
    signer: SigningKey,
    matter: MatterKey,
    envelope: Vec<u8>,
}

fn scene() -> Scene {
    let (recipient, signer, matter) =
        (KemKey::generate(), SigningKey::generate(), MatterKey::generate());
    let envelope = seal(
        (RECIPIENT, &recipient.public()),
        &CONTEXT,
        Signer { key: &signer, kid: SIGNER },
        matter.seed(),
        PUB_KID,
        77,
    )
    .unwrap();
    Scene { recipient, signer, matter, envelope }
}

impl Scene {
    fn open_as(&self, envelope: &[u8], context: &WrapContext, kid: Kid) -> Option<OpenError> {
        let known =
            |kid: Kid| -> Option<VerifyKey> { (kid == SIGNER).then(|| self.signer.public()) };
        match open(envelope, kid, &self.recipient, context, known) {
            Ok(seed) => {
                assert!(seed.seed() == self.matter.seed(), "another seed came out");
                assert_eq!((seed.pub_kid(), seed.signer(), seed.log_seq()), (PUB_KID, SIGNER, 77));
                None
            }
            Err(error) => Some(error),
        }
    }
}

#[test]
fn an_envelope_opens_for_its_recipient_in_its_place() {
    let scene = scene();
    assert_eq!(scene.open_as(&scene.envelope, &CONTEXT, RECIPIENT), None);
    assert_eq!(recipient_of(&scene.envelope), Ok(RECIPIENT));
}

#[test]
fn no_bit_of_an_envelope_can_change() {
    let scene = scene();
    every_mutation(&scene.envelope, |bytes| scene.open_as(bytes, &CONTEXT, RECIPIENT).is_none());
}

#[test]
fn another_place_is_refused() {
    let scene = scene();
    let moved = [
        WrapContext { firm: Hash32([0; 32]), ..CONTEXT },
        WrapContext { matter: MatterId([0; 16]), ..CONTEXT },
        WrapContext { epoch: 4, ..CONTEXT },
        WrapContext { purpose: 2, ..CONTEXT },
    ];
    for context in moved {
        let error = scene.open_as(&scene.envelope, &context, RECIPIENT);
        assert_eq!(error, Some(OpenError::Tampered), "{context:?}");
    }
}

#[test]
fn an_envelope_for_somebody_else_is_refused_even_when_it_is_relabelled() {
    let scene = scene();
    let me = Kid([9; 32]);
    let error = scene.open_as(&scene.envelope, &CONTEXT, me);
    assert_eq!(error, Some(OpenError::KeyMissing));
    let mut relabelled = scene.envelope.clone();
    relabelled[5..37].copy_from_slice(&me.0);
    let error = scene.open_as(&relabelled, &CONTEXT, me);
    assert_eq!(error, Some(OpenError::Tampered));
}

#[test]
fn a_stranger_who_knows_the_public_key_cannot_hand_me_a_key() {
    let scene = scene();
    let stranger = SigningKey::generate();
    for kid in [SIGNER, Kid([8; 32])] {
        let forged = seal(
            (RECIPIENT, &scene.recipient.public()),
            &CONTEXT,
            Signer { key: &stranger, kid },
            &[0x41; 32],
            PUB_KID,
            77,
        )
        .unwrap();
        let error = scene.open_as(&forged, &CONTEXT, RECIPIENT);
        assert_eq!(error, Some(OpenError::UntrustedKey));
    }
}

#[test]
fn what_one_recipient_opened_cannot_be_sealed_on_to_another() {
    // A recipient may put the signed inside into a fresh outside for a colleague; the signature
    // names the first recipient, so the colleague refuses it.
    let scene = scene();
    let colleague = KemKey::generate();
    let colleague_kid = Kid([0x33; 32]);
    let inner = unseal_inside(&scene);
    let forwarded = reseal_inside(&inner, colleague_kid, &colleague);
    let known = |kid: Kid| (kid == SIGNER).then(|| scene.signer.public());
    let error = open(&forwarded, colleague_kid, &colleague, &CONTEXT, known).err();
    assert_eq!(error, Some(OpenError::WrongPlace));
}

#[test]
fn the_signed_inside_counts_and_not_what_is_written_outside() {
    let scene = scene();
    let inside = |version: u8, context: &WrapContext, recipient: Kid, namespace: Namespace| {
        let mut body = minicbor::Encoder::new(Vec::new());
        body.map(6).unwrap().u8(1).unwrap().u8(version).unwrap();
        body.u8(2).unwrap().encode(context).unwrap().u8(3).unwrap().encode(recipient).unwrap();
        body.u8(4).unwrap().bytes(scene.matter.seed()).unwrap();
        body.u8(5).unwrap().encode(PUB_KID).unwrap().u8(6).unwrap().u64(77).unwrap();
        let signed = Signed::sign(namespace, &scene.signer, SIGNER, body.writer()).unwrap();
        let envelope = reseal_inside(signed.as_bytes(), RECIPIENT, &scene.recipient);
        scene.open_as(&envelope, &CONTEXT, RECIPIENT)
    };
    let grant = Namespace::Grant;
    assert_eq!(inside(1, &CONTEXT, RECIPIENT, grant), None);
    assert_eq!(inside(2, &CONTEXT, RECIPIENT, grant), Some(OpenError::VersionUnknown(2)));
    let elsewhere = WrapContext { epoch: 4, ..CONTEXT };
    assert_eq!(inside(1, &elsewhere, RECIPIENT, grant), Some(OpenError::WrongPlace));
    assert_eq!(inside(1, &CONTEXT, Kid([9; 32]), grant), Some(OpenError::WrongPlace));
    let matter = Namespace::Matter;
    assert_eq!(inside(1, &CONTEXT, RECIPIENT, matter), Some(OpenError::UntrustedKey));
}

#[test]
fn a_low_order_share_is_refused() {
    let scene = scene();
    for point in [[0u8; 32], [[1].as_slice(), &[0; 31]].concat().try_into().unwrap()] {
        let mut envelope = scene.envelope.clone();
        envelope[1125..1157].copy_from_slice(&point);
        let error = scene.open_as(&envelope, &CONTEXT, RECIPIENT);
        assert_eq!(error, Some(OpenError::Tampered));
    }
}

#[test]
fn the_head_alone_is_checked_without_a_key() {
    let scene = scene();
    every_mutation(&scene.envelope[..37], |head| {
        let bytes = [head, scene.envelope.get(37..).unwrap_or_default()].concat();
        head.len() == 37 && recipient_of(&bytes) == Ok(RECIPIENT)
    });
}

use hpke::kem::XWing;
use hpke::{Deserializable as _, OpModeR, OpModeS, Serializable as _};

type Aead = hpke::aead::ChaCha20Poly1305;
type Kdf = hpke::kdf::HkdfSha256;

fn info() -> Vec<u8> {
    let context = shared::crypto::hash::sha256(&shared::crypto::cbor::encode(&CONTEXT));
    [b"underseal/v1/keywrap\0".as_slice(), &context.0].concat()
}

fn unseal_inside(scene: &Scene) -> Vec<u8> {
    let key = <XWing as hpke::Kem>::PrivateKey::from_bytes(scene.recipient.seed()).unwrap();
    let enc = <XWing as hpke::Kem>::EncappedKey::from_bytes(&scene.envelope[37..1157]).unwrap();
    hpke::single_shot_open::<Aead, Kdf, XWing>(
        &OpModeR::Base,
        &key,
        &enc,
        &info(),
        &scene.envelope[1161..],
        &scene.envelope[..37],
    )
    .unwrap()
}

fn reseal_inside(inner: &[u8], kid: Kid, to: &KemKey) -> Vec<u8> {
    let mut out = b"USK1\x01".to_vec();
    out.extend_from_slice(&kid.0);
    let to = <XWing as hpke::Kem>::PublicKey::from_bytes(to.public().as_bytes()).unwrap();
    let (enc, sealed) = hpke::single_shot_seal_with_rng::<Aead, Kdf, XWing>(
        &OpModeS::Base,
        &to,
        &info(),
        inner,
        &out,
        &mut rand_core::UnwrapErr(getrandom::SysRng),
    )
    .unwrap();
    out.extend_from_slice(&enc.to_bytes());
    out.extend_from_slice(&u32::try_from(sealed.len()).unwrap().to_be_bytes());
    out.extend_from_slice(&sealed);
    out
}
