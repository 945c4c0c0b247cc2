//! Sentences for people, in every language the portal speaks: what is wrong with an answer and
//! how to put it right, the names of parts, and answers read back.

use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use super::answers::{Answer, AnswersV1};
use super::check::TroubleKind;
use super::draft::Change;
use super::figures::scaled;
use super::form::{Basis, Field};
use super::kind::Kind;
use super::value::{ApproxDate, Date, Language};

type Pair = (&'static str, &'static str);

const fn pick(language: Language, (english, spanish): Pair) -> &'static str {
    match language {
        Language::English => english,
        Language::Spanish => spanish,
    }
}

/// What is wrong, and how to put it right.
#[must_use]
pub fn trouble(kind: TroubleKind, language: Language) -> String {
    let words = pick(language, sentence(kind));
    match kind {
        TroubleKind::TooLong { max: n }
        | TroubleKind::TooFewChoices { min: n }
        | TroubleKind::TooManyChoices { max: n }
        | TroubleKind::TooManyFiles { max: n }
        | TroubleKind::TooFewItems { min: n }
        | TroubleKind::TooManyItems { max: n } => words.replace("{n}", &n.to_string()),
        TroubleKind::TooSmall { min: n, decimals } | TroubleKind::TooLarge { max: n, decimals } => {
            words.replace("{n}", &scaled(n, decimals))
        }
        _ => words.to_string(),
    }
}

const fn sentence(kind: TroubleKind) -> Pair {
    use TroubleKind as T;
    match kind {
        T::Missing => ("Please answer this question.", "Por favor, responda a esta pregunta."),
        T::TooLong { .. } => (
            "Please shorten this to {n} characters.",
            "Por favor, acorte el texto a {n} caracteres.",
        ),
        T::BadCharacters => (
            "This contains invisible characters. Please type it again instead of pasting it.",
            "El texto contiene caracteres invisibles. Por favor, escríbalo en lugar de pegarlo.",
        ),
        T::Email => (
            "Please enter a full e-mail address, such as name@example.com.",
            "Por favor, escriba una dirección de correo completa, como nombre@ejemplo.com.",
        ),
        T::Phone => (
            "Please enter a full telephone number with its area code, such as +1 202 555 0123.",
            "Por favor, escriba un número de teléfono completo con su prefijo, como +34 600 123 456.",
        ),
        T::TooSmall { .. } => ("Please enter {n} or more.", "Por favor, escriba {n} o más."),
        T::TooLarge { .. } => ("Please enter {n} or less.", "Por favor, escriba {n} o menos."),
        T::DatePast => (
            "This day has already passed. Please enter today or a later day.",
            "Ese día ya pasó. Por favor, indique hoy o un día posterior.",
        ),
        T::DateFuture => (
            "This day is still to come. Please enter today or an earlier day.",
            "Ese día aún no ha llegado. Por favor, indique hoy o un día anterior.",
        ),
        T::DateUnlikely => ("Please check the year.", "Por favor, revise el año."),
        T::TooFewChoices { .. } => {
            ("Please choose at least {n}.", "Por favor, elija al menos {n}.")
        }
        T::TooManyChoices { .. } => {
            ("Please choose no more than {n}.", "Por favor, elija {n} como máximo.")
        }
        T::ChosenTwice => (
            "The same choice appears twice. Please choose again.",
            "La misma opción aparece dos veces. Por favor, elija de nuevo.",
        ),
        T::UnknownOption => (
            "This choice is no longer offered. Please choose another.",
            "Esa opción ya no está disponible. Por favor, elija otra.",
        ),
        T::NamePart => (
            "Please enter at least a given name or a family name.",
            "Por favor, escriba al menos un nombre o un apellido.",
        ),
        T::City => ("Please add the city or town.", "Por favor, añada la ciudad o localidad."),
        T::OneFile => (
            "Only one document fits here. Please remove the others.",
            "Aquí solo cabe un documento. Por favor, quite los demás.",
        ),
        T::TooManyFiles { .. } => (
            "Please add no more than {n} documents here.",
            "Por favor, añada aquí {n} documentos como máximo.",
        ),
        T::SameFile => (
            "The same document is attached in two places. Please remove one of them.",
            "El mismo documento está adjunto en dos lugares. Por favor, quite uno.",
        ),
        T::FileName => (
            "A document’s name is missing or too long. Please rename it and add it again.",
            "El nombre de un documento falta o es demasiado largo. Por favor, cámbielo y vuelva a añadirlo.",
        ),
        T::TooFewItems { .. } => ("Please add at least {n}.", "Por favor, añada al menos {n}."),
        T::TooManyItems { .. } => (
            "Please list no more than {n} here; you can tell us about others in your own words.",
            "Por favor, indique aquí {n} como máximo; puede contarnos los demás con sus palabras.",
        ),
        T::Signature => (
            "Please sign by typing your full name.",
            "Por favor, firme escribiendo su nombre completo.",
        ),
        T::SignatureDate => {
            ("Please sign with today’s date.", "Por favor, firme con la fecha de hoy.")
        }
        T::Consent => (
            "We need your agreement to this before you can send the form.",
            "Necesitamos su conformidad con esto antes de enviar el formulario.",
        ),
        T::UnknownConsent => (
            "This choice does not belong to the form. Please reload the page.",
            "Esta elección no pertenece al formulario. Por favor, recargue la página.",
        ),
        T::WrongKind => (
            "This answer does not fit the question. Please answer it again.",
            "Esta respuesta no corresponde a la pregunta. Por favor, responda de nuevo.",
        ),
        T::UnknownField => (
            "This answer belongs to no question of the form. Please reload the page.",
            "Esta respuesta no corresponde a ninguna pregunta. Por favor, recargue la página.",
        ),
        T::NotAsked => (
            "This was answered although it was not asked. Please look through your answers again.",
            "Se respondió algo que no se preguntaba. Por favor, revise sus respuestas.",
        ),
        T::TooMuch => (
            "Your answers are longer than we can take. Please shorten the longest, or attach it as a document.",
            "Sus respuestas son demasiado largas. Por favor, acorte la más larga o adjúntela como documento.",
        ),
        T::FormDiffers => (
            "The form has changed since these answers were written. Please look through them again.",
            "El formulario cambió después de escribir estas respuestas. Por favor, revíselas de nuevo.",
        ),
        T::NoticeDiffers => (
            "The notice has changed since it was read. Please read it again.",
            "El aviso cambió después de leerlo. Por favor, léalo de nuevo.",
        ),
    }
}

/// What a new version of the form did to an answer.
#[must_use]
pub const fn change(change: Change, language: Language) -> &'static str {
    pick(
        language,
        match change {
            Change::Gone => ("no longer asked", "ya no se pregunta"),
            Change::Reworded => (
                "reads differently now; please answer again",
                "ha cambiado; por favor, responda de nuevo",
            ),
            Change::Notice => {
                ("has changed; please read it again", "ha cambiado; por favor, léalo de nuevo")
            }
        },
    )
}

/// On what ground the firm may ask.
#[must_use]
pub const fn basis(basis: Basis, language: Language) -> &'static str {
    pick(
        language,
        match basis {
            Basis::BeforeEngagement => (
                "You ask us to consider taking your case.",
                "Usted nos pide que estudiemos si podemos llevar su caso.",
            ),
            Basis::ProfessionalDuty => (
                "The rules of our profession oblige us to ask.",
                "Las normas de nuestra profesión nos obligan a preguntarlo.",
            ),
            Basis::LegalClaims => (
                "It is needed to bring or to defend a legal claim.",
                "Es necesario para presentar o defender una reclamación.",
            ),
            Basis::Consent => (
                "You agree to it; you may also decline.",
                "Usted lo consiente; también puede negarse.",
            ),
            Basis::Safety => ("It helps to keep somebody safe.", "Ayuda a proteger a alguien."),
        },
    )
}

/// The parts of a name, in the order of [`super::answers::PersonName::parts`].
#[must_use]
pub const fn name_parts(language: Language) -> [&'static str; 4] {
    match language {
        Language::English => ["Given name", "Middle names", "Family name", "Suffix"],
        Language::Spanish => ["Nombre", "Segundos nombres", "Apellidos", "Sufijo"],
    }
}

/// The parts of an address, in the order of [`super::answers::Address::parts`].
#[must_use]
pub const fn address_parts(language: Language) -> [&'static str; 5] {
    match language {
        Language::English => [
            "Street and number",
            "City or town",
            "State, province or county",
            "Postal code",
            "Country",
        ],
        Language::Spanish => [
            "Calle y número",
            "Ciudad o localidad",
            "Estado, provincia o región",
            "Código postal",
            "País",
        ],
    }
}

/// Yes or no.
#[must_use]
pub const fn yes_no(yes: bool, language: Language) -> &'static str {
    pick(language, if yes { ("Yes", "Sí") } else { ("No", "No") })
}

const MONTHS: [Pair; 12] = [
    ("January", "enero"),
    ("February", "febrero"),
    ("March", "marzo"),
    ("April", "abril"),
    ("May", "mayo"),
    ("June", "junio"),
    ("July", "julio"),
    ("August", "agosto"),
    ("September", "septiembre"),
    ("October", "octubre"),
    ("November", "noviembre"),
    ("December", "diciembre"),
];

/// A month's name, 1 to 12; empty otherwise.
#[must_use]
pub fn month(number: u8, language: Language) -> &'static str {
    MONTHS.get(usize::from(number).wrapping_sub(1)).map_or("", |pair| pick(language, *pair))
}

/// A day in words, with the month spelt out so that nobody swaps it with the day.
#[must_use]
pub fn day(date: Date, language: Language) -> String {
    about(date.year(), Some(date.month()), Some(date.day()), language)
}

/// A day, a month or a year in words.
#[must_use]
pub fn approx_day(date: ApproxDate, language: Language) -> String {
    about(date.year(), date.month(), date.day(), language)
}

fn about(year: u16, of_year: Option<u8>, day: Option<u8>, language: Language) -> String {
    let day = day.map(|day| day.to_string());
    let of_year = of_year.map(|m| month(m, language).to_string());
    let parts: Vec<String> = [day, of_year, Some(year.to_string())].into_iter().flatten().collect();
    parts.join(pick(language, (" ", " de ")))
}

/// An answer read back in words; lines of a group's items are set off by their questions.
#[must_use]
pub fn answer(field: &Field, answer: &Answer, language: Language) -> String {
    let option = |id: &String| {
        field.option(id).map_or(id.as_str(), |words| words.read(language)).to_string()
    };
    match (answer, &field.kind) {
        (Answer::Text(text), _) => text.clone(),
        (Answer::Number(n), Kind::Number(number)) => {
            let unit = number.unit.as_ref().map_or("", |unit| unit.read(language));
            alloc::format!("{} {unit}", scaled(*n, number.decimals)).trim().to_string()
        }
        (Answer::Money(n), Kind::Money(money)) => {
            let currency = money.currency.as_deref().unwrap_or("");
            alloc::format!("{} {currency}", scaled(*n, money.digits)).trim().to_string()
        }
        (Answer::Number(n) | Answer::Money(n), _) => n.to_string(),
        (Answer::Date(date), _) => day(*date, language),
        (Answer::ApproxDate(date), _) => approx_day(*date, language),
        (Answer::YesNo(yes) | Answer::Consent(yes), _) => yes_no(*yes, language).to_string(),
        (Answer::Choice(id), _) => option(id),
        (Answer::Choices(ids), _) => ids.iter().map(option).collect::<Vec<_>>().join("; "),
        (Answer::Name(name), _) => name.line(),
        (Answer::Address(address), _) => address.line(),
        (Answer::Files(files), _) => {
            files.iter().map(|f| f.name.as_str()).collect::<Vec<_>>().join("; ")
        }
        (Answer::Signature(signature), _) => {
            alloc::format!("{}, {}", signature.name, day(signature.date, language))
        }
        (Answer::Items(items), _) => items
            .iter()
            .map(|item| item_lines(field, item, language))
            .collect::<Vec<_>>()
            .join("\n\n"),
    }
}

fn item_lines(field: &Field, item: &AnswersV1, language: Language) -> String {
    let fields = field.group().map_or(&[][..], |group| &group.fields);
    let said = |inner: &Field| {
        let words = answer(inner, item.get(&inner.id)?, language);
        let label = inner.label.read(language);
        let between = if label.ends_with('?') { " " } else { ": " };
        Some([label, between, &words].concat())
    };
    fields.iter().filter_map(said).collect::<Vec<_>>().join("\n")
}
