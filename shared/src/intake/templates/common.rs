//! What every intake of ours has in common: the reasons for asking, the notice, the consents, and
//! the page about reaching a person without doing harm.

use alloc::vec::Vec;

use super::build::*;
use crate::intake::form::{Basis, Consent, Field, FormV1, Notice, Purpose, Role, Section};
use crate::intake::kind::{FileKind, Kind};
use crate::intake::value::{Language, Text};

/// Photos, scans and PDF.
pub(super) const PAPERS: &[FileKind] = &[FileKind::Photo, FileKind::Pdf, FileKind::Document];

pub(super) const CONFLICT: u8 = 0;
pub(super) const CONTACT: u8 = 1;
pub(super) const SAFETY: u8 = 2;
pub(super) const DEADLINE: u8 = 3;
pub(super) const FACTS: u8 = 4;
pub(super) const MONEY: u8 = 5;
pub(super) const HEALTH: u8 = 6;
pub(super) const PROOF: u8 = 7;
pub(super) const CHILDREN: u8 = 8;

fn purposes() -> Vec<Purpose> {
    alloc::vec![
        purpose(Basis::ProfessionalDuty,
            "Before we hear your story we must make sure that we do not already act for somebody on the other side.",
            "Antes de escuchar su historia debemos asegurarnos de no representar ya a alguien de la otra parte."),
        purpose(Basis::BeforeEngagement,
            "So that we can reach you, and only in ways that are safe for you.",
            "Para poder contactarle, y solo por vías que sean seguras para usted."),
        purpose(Basis::Safety,
            "So that we know whether somebody needs protection, and how soon.",
            "Para saber si alguien necesita protección, y con qué urgencia."),
        purpose(Basis::LegalClaims,
            "So that no time limit is missed. Some rights end on a certain day.",
            "Para no dejar pasar ningún plazo. Algunos derechos terminan en un día determinado."),
        purpose(Basis::BeforeEngagement,
            "So that we understand your situation and can tell you where you stand.",
            "Para comprender su situación y poder decirle en qué posición se encuentra."),
        purpose(Basis::LegalClaims,
            "So that we can tell what may be owed to you, or by you.",
            "Para saber qué se le puede deber a usted, o qué puede deber usted."),
        purpose(Basis::Consent,
            "Your health is part of your claim. You decide how much you tell us now.",
            "Su salud forma parte de la reclamación. Usted decide cuánto contarnos ahora."),
        purpose(Basis::LegalClaims,
            "So that nothing that proves your case gets lost.",
            "Para que no se pierda nada que pruebe su caso."),
        purpose(Basis::LegalClaims,
            "So that we can keep in view what your children need.",
            "Para tener presente lo que necesitan sus hijos."),
    ]
}

fn notice() -> Notice {
    Notice {
        version: 1,
        title: Text::new("About this form", "Sobre este formulario"),
        paragraphs: alloc::vec![
            Text::new(
                "If you are in danger now, please call your local emergency number first. Use a device that nobody else can open.",
                "Si está en peligro ahora, llame primero al número de emergencias. Use un dispositivo que nadie más pueda abrir."),
            Text::new(
                "Sending this form does not make us your lawyers. That happens only when you and we have both agreed to it in writing. Until then we cannot act for you, and time limits keep running.",
                "Enviar este formulario no nos convierte en sus abogados. Eso ocurre solo cuando ambos lo acordemos por escrito. Hasta entonces no podemos actuar por usted, y los plazos siguen corriendo."),
            Text::new(
                "Your answers and documents are sealed in this browser before they leave it. They open for the people named on the first page, for colleagues those let in, and for the firm’s recovery key, which is locked away. Those who run the computers in between cannot open them.",
                "Sus respuestas y documentos se sellan en este navegador antes de salir de él. Los abren las personas nombradas en la primera página, los colegas a quienes den acceso y la clave de recuperación del despacho, guardada bajo llave. Quienes operan los ordenadores intermedios no pueden."),
            Text::new(
                "We use what you tell us to check for conflicts of interest, to decide whether we can help, and to advise you. We do not sell it. We give it to nobody else without asking you, unless the law obliges us.",
                "Usamos lo que nos cuenta para comprobar conflictos de interés, decidir si podemos ayudar y asesorarle. No lo vendemos. No lo damos a nadie sin preguntarle, salvo que la ley nos obligue."),
            Text::new(
                "You may ask at any time to see, correct or delete what you have sent, and you may take back a consent as easily as you gave it.",
                "Puede pedir en cualquier momento ver, corregir o borrar lo enviado, y retirar un consentimiento con la misma facilidad con que lo dio."),
            Text::new(
                "Questions marked optional may be left empty. You may take a break and come back.",
                "Las preguntas marcadas como opcionales pueden dejarse vacías. Puede hacer una pausa y volver."),
        ],
    }
}

/// The consents; a form adds its own.
pub(super) fn consents(own: Vec<Consent>) -> Vec<Consent> {
    let mut all = alloc::vec![
        agree("not-client", true,
            "I understand that sending this form does not make the firm my lawyers.",
            "Entiendo que enviar este formulario no convierte al despacho en mis abogados."),
        agree("privacy", true,
            "I have read the notice, and the firm may use my answers to look into my request.",
            "He leído el aviso y el despacho puede usar mis respuestas para estudiar mi solicitud."),
    ];
    all.extend(own);
    all.push(agree("truth", true,
        "What I have written is true and complete as far as I know.",
        "Lo que he escrito es verdadero y completo según lo que sé."));
    all.push(agree("referral", false,
        "If the firm cannot help, it may give my name and safe contact details to a lawyer who may.",
        "Si el despacho no puede ayudarme, puede dar mi nombre y contacto seguro a un abogado que sí pueda."));
    all
}

/// A form around its sections.
pub(super) fn form(title: Text, practice: Text, intro: Text, own: Vec<Consent>, sections: Vec<Section>) -> FormV1 {
    FormV1 {
        salt: crate::crypto::rng::random_id(),
        languages: Language::ALL.to_vec(),
        title,
        practice,
        intro,
        notice: notice(),
        purposes: purposes(),
        sections,
        consents: consents(own),
        retention: Text::new(
            "If we cannot take your case, your answers and documents are destroyed once we have told you so and no law obliges us to keep them. If we become your lawyers, they stay with your file for as long as the law requires, and are destroyed then.",
            "Si no podemos llevar su caso, sus respuestas y documentos se destruyen una vez que se lo hayamos comunicado y ninguna ley nos obligue a conservarlos. Si somos sus abogados, permanecen en su expediente mientras la ley lo exija, y después se destruyen."),
        signing: Some(Text::new(
            "By typing my full name I sign my answers and the choices above.",
            "Al escribir mi nombre completo firmo mis respuestas y las elecciones anteriores.")),
    }
}

/// The person's own names.
pub(super) fn own_name() -> Vec<Field> {
    alloc::vec![
        ask("name", Kind::Name, "Your full legal name", "Su nombre legal completo").must().is(Role::OwnName)
            .help("As it stands on your passport or identity card.", "Tal como figura en su pasaporte o documento de identidad."),
        ask("called", short(), "What would you like us to call you?", "¿Cómo prefiere que le llamemos?"),
        ask("other-names", short(), "Other names you use or have used", "Otros nombres que usa o ha usado").is(Role::OwnName)
            .help("Birth name, married names, nicknames.", "Nombre de nacimiento, de casada o casado, apodos."),
        ask("born", past(), "Your date of birth", "Su fecha de nacimiento").must(),
    ]
}

/// The page about reaching a person without doing harm.
pub(super) fn contact() -> Section {
    page("contact", ["How we may reach you", "Cómo podemos contactarle"],
        ["We use only the ways you mark as safe.", "Usaremos solo las vías que marque como seguras."],
        CONTACT, alloc::vec![
        ask("phone", Kind::Phone, "A telephone number that only you answer", "Un teléfono que solo conteste usted").must().is(Role::SafeContact),
        ask("may-call", Kind::YesNo, "Is it safe to call you on this number?", "¿Es seguro llamarle a este número?").must().is(Role::SafeContact),
        ask("voicemail", Kind::YesNo, "May we leave a voice message there?", "¿Podemos dejar un mensaje de voz?").when(yes("may-call")).must().is(Role::SafeContact),
        ask("if-answered", one_of(&[
            ("say", "Say who is calling", "Decir quién llama"),
            ("neutral", "Give only a first name, not the firm’s", "Dar solo un nombre, no el del despacho"),
            ("hang-up", "Say nothing and end the call", "No decir nada y colgar"),
        ]), "If somebody else answers, what should we do?", "Si contesta otra persona, ¿qué debemos hacer?").when(yes("may-call")).is(Role::SafeContact),
        ask("texts", Kind::YesNo, "May we send a text that says only \u{201c}Please call us\u{201d}?", "¿Podemos enviar un mensaje que solo diga «Por favor, llámenos»?").is(Role::SafeContact),
        ask("email", Kind::Email, "Your e-mail address", "Su correo electrónico"),
        ask("email-private", Kind::YesNo, "Are you the only one who can read it?", "¿Es usted la única persona que puede leerlo?")
            .help("Think of shared devices, saved passwords and family accounts.", "Piense en dispositivos compartidos, contraseñas guardadas y cuentas familiares.")
            .when(answered("email")).must().is(Role::SafeContact),
        ask("address", Kind::Address, "Where you live", "Dónde vive").must()
            .help("If your address must stay secret, say so below. We keep it from the other side.", "Si su dirección debe permanecer secreta, dígalo abajo. No la daremos a la otra parte."),
        ask("address-secret", Kind::YesNo, "Must your address be kept secret from anybody?", "¿Debe mantenerse en secreto su dirección?").is(Role::SafeContact),
        ask("post-safe", Kind::YesNo, "Is it safe to send letters there?", "¿Es seguro enviar cartas allí?").is(Role::SafeContact),
        ask("post-to", Kind::Address, "Where may we send letters instead?", "¿A dónde podemos enviar las cartas?").when(no("post-safe")),
        ask("who-sees", long(), "Who else might see or hear our messages?", "¿Quién más podría ver u oír nuestros mensajes?").covered().is(Role::SafeContact),
        ask("best-way", one_of(&[
            ("call", "A call", "Una llamada"),
            ("text", "A text", "Un mensaje"),
            ("email", "E-mail", "Correo electrónico"),
            ("portal", "Only here, I will look", "Solo aquí, yo lo consultaré"),
        ]), "Which way is best?", "¿Qué vía prefiere?").must().is(Role::SafeContact),
        ask("best-time", short(), "Which days and times are good?", "¿Qué días y horas le convienen?"),
        ask("language", short(), "In which language would you like to talk?", "¿En qué idioma le gustaría hablar?")
            .help("We can bring an interpreter.", "Podemos contar con un intérprete."),
        ask("access-needs", short(), "Is there anything that would make talking with us easier?", "¿Hay algo que le facilite hablar con nosotros?")
            .help("Hearing, sight, mobility, breaks, somebody at your side.", "Audición, vista, movilidad, pausas, alguien a su lado."),
    ])
}
