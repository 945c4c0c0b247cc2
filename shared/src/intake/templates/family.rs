//! Family law, as a careful family lawyer asks: names first, then safe ways to talk, then what
//! cannot wait, then the story, the children, safety, money, papers and wishes.

use super::build::*;
use super::common::*;
use crate::intake::form::{FormV1, Role, Section};
use crate::intake::kind::{FileKind, Kind, When};
use crate::intake::value::Text;

pub(super) fn build() -> FormV1 {
    form(
        Text::new("Family law intake", "Formulario de derecho de familia"),
        Text::new("Family law", "Derecho de familia"),
        Text::new(
            "We are sorry that you need a family lawyer, and glad that you wrote. Most people need about fifteen minutes. Everything you type is kept on this device, so you may stop and come back.",
            "Sentimos que necesite un abogado de familia, y nos alegra que nos escriba. La mayoría necesita unos quince minutos. Todo lo que escribe se guarda en este dispositivo: puede parar y volver."),
        alloc::vec![agree_when(yes("has-children"), agree("children-data", true,
            "The firm may use what I tell about children to advise me.",
            "El despacho puede usar lo que cuento sobre menores para asesorarme."))],
        alloc::vec![people(), contact(), urgent(), reason(), relationship(), children(), safety(), means(), papers(), wishes()],
    )
}

fn people() -> Section {
    let mut fields = own_name();
    fields.extend(alloc::vec![
        ask("partner", Kind::Name, "The other person’s full name", "Nombre completo de la otra persona").must().is(Role::OtherName)
            .help("Your spouse or partner, or your child’s other parent.", "Su cónyuge o pareja, o el otro progenitor."),
        ask("partner-other", short(), "Other names they use or have used", "Otros nombres que usa o ha usado").is(Role::OtherName),
        ask("partner-born", around(), "Their date of birth, as far as you know it", "Su fecha de nacimiento, si la sabe"),
        ask("partner-lawyer", short(), "Their lawyer, if they have one", "Su abogado, si lo tiene").is(Role::OtherName),
        ask("own-lawyer", short(), "Lawyers who have helped you with this before", "Abogados que le han ayudado antes en este asunto").is(Role::OtherName),
        ask("others", each(["Person", "Persona"], 12, alloc::vec![
            ask("other-name", short(), "Full name of the person or company", "Nombre completo de la persona o empresa").must().is(Role::OtherName),
            ask("other-role", one_of(&[
                ("new-partner", "New partner of either of you", "Nueva pareja de uno de los dos"),
                ("relative", "Relative", "Familiar"),
                ("carer", "Somebody who looks after a child", "Alguien que cuida de un menor"),
                ("business", "Shared business or employer", "Negocio común o empleador"),
                ("witness", "Somebody who has seen or heard things", "Alguien que ha visto u oído cosas"),
                ("other", "Other", "Otro"),
            ]), "Who are they?", "¿Quién es?").must(),
        ]), "Is anybody else involved?", "¿Hay alguien más implicado?")
            .help("New partners, grandparents, a shared business.", "Nuevas parejas, abuelos, un negocio común."),
    ]);
    page("people", ["Names", "Nombres"],
        ["Only names for now. Your story comes after.", "Por ahora solo nombres. Su historia viene después."],
        CONFLICT, fields)
}

fn urgent() -> Section {
    page("urgent", ["What cannot wait", "Lo que no puede esperar"],
        ["We read this page first.", "Leemos esta página primero."], DEADLINE, alloc::vec![
        ask("danger", Kind::YesNo, "Are you, or is a child, in danger now?", "¿Está usted, o un menor, en peligro ahora?").must().why(SAFETY).is(Role::Danger),
        say("danger-help",
            "Please call your local emergency number now if you can. You need not finish this form: give us your name and a safe number, and send it.",
            "Si puede, llame ahora al número de emergencias. No hace falta terminar este formulario: indique su nombre y un teléfono seguro, y envíelo.").when(yes("danger")),
        ask("afraid", Kind::YesNo, "Are you afraid of the other person, or were you in the past?", "¿Tiene o ha tenido miedo de la otra persona?").why(SAFETY).covered().is(Role::Danger),
        ask("served", Kind::YesNo, "Have you received papers from a court or a lawyer?", "¿Ha recibido documentos de un juzgado o de un abogado?").must(),
        ask("served-on", past(), "On which day did you receive them?", "¿Qué día los recibió?").when(yes("served")).must().is(Role::Deadline)
            .help("Time to answer often counts from this day.", "El plazo para responder suele contar desde ese día."),
        ask("answer-by", Kind::Date(When::Any), "Do they name a day to answer by?", "¿Indican una fecha límite para responder?").when(yes("served")).is(Role::Deadline),
        ask("hearing", Kind::YesNo, "Is there a court hearing to come?", "¿Hay una vista judicial próxima?").must(),
        ask("hearing-on", coming(), "When is it?", "¿Cuándo es?").when(yes("hearing")).must().is(Role::Deadline),
        ask("hearing-court", short(), "Which court, and what is it about?", "¿En qué juzgado y sobre qué?").when(yes("hearing")),
        ask("taken", Kind::YesNo, "Do you fear that somebody may take a child away or abroad?", "¿Teme que alguien se lleve a un menor, o al extranjero?").must().why(SAFETY).is(Role::Danger),
        ask("taken-how", long(), "What makes you fear this?", "¿Qué le hace temerlo?").when(yes("taken")).why(SAFETY).covered()
            .help("Tickets, passports, things that were said.", "Billetes, pasaportes, cosas que se dijeron."),
        ask("hiding", Kind::YesNo, "Is money being moved, or property sold, that you worry about?", "¿Le preocupa que se mueva dinero o se vendan bienes?"),
    ])
}

fn reason() -> Section {
    page("reason", ["What brings you here", "Qué le trae aquí"],
        ["Choose all that fit. You need not know the legal words.", "Elija todo lo que corresponda. No hace falta conocer los términos legales."],
        FACTS, alloc::vec![
        ask("topics", any_of(&[
            ("divorce", "Divorce or separation", "Divorcio o separación"),
            ("children", "Where children live and when they see each parent", "Dónde viven los hijos y cuándo ven a cada progenitor"),
            ("child-support", "Support for a child", "Pensión para un hijo"),
            ("spouse-support", "Support for a spouse or partner", "Pensión para el cónyuge o la pareja"),
            ("property", "Dividing what we own and owe", "Reparto de bienes y deudas"),
            ("protection", "Protection from somebody", "Protección frente a alguien"),
            ("agreement", "An agreement before or during marriage", "Un acuerdo antes o durante el matrimonio"),
            ("parentage", "Who a child’s legal parents are", "Quiénes son los progenitores legales de un menor"),
            ("adoption", "Adoption or guardianship", "Adopción o tutela"),
            ("change", "Changing or enforcing an order that exists", "Cambiar o hacer cumplir una resolución"),
            ("other", "Something else", "Otra cosa"),
        ]), "What would you like help with?", "¿Con qué le gustaría que le ayudáramos?").must(),
        ask("story", story(), "What has happened, in your own words?", "¿Qué ha ocurrido, con sus palabras?")
            .help("A few sentences are enough. Write as much or as little as you can today.", "Bastan unas frases. Escriba lo que pueda hoy."),
        ask("case", Kind::YesNo, "Is there a court case about this already?", "¿Existe ya un procedimiento judicial?").must(),
        ask("case-court", short(), "Which court?", "¿En qué juzgado?").when(yes("case")),
        ask("case-number", short(), "Its number", "Su número").when(yes("case")).help("On the first page of the papers.", "En la primera página de los documentos."),
        ask("case-began", one_of(&[
            ("me", "I did", "Yo"), ("partner", "The other person", "La otra persona"), ("other", "Somebody else", "Otra persona distinta"),
        ]), "Who began it?", "¿Quién lo inició?").when(yes("case")),
        ask("orders", long(), "Which orders or agreements are in force now?", "¿Qué resoluciones o acuerdos están vigentes?")
            .when(either(alloc::vec![yes("case"), chose("topics", &["change", "protection"])])),
    ])
}

fn relationship() -> Section {
    page("relationship", ["Your relationship", "Su relación"],
        ["Dates may be rough: a month or a year will do.", "Las fechas pueden ser aproximadas: basta el mes o el año."],
        FACTS, alloc::vec![
        ask("status", one_of(&[
            ("married", "Married", "Casados"),
            ("union", "Civil partnership or registered union", "Unión civil o pareja registrada"),
            ("together", "Living together, not married", "Convivimos sin casarnos"),
            ("apart", "Were a couple, never lived together", "Fuimos pareja sin convivir"),
            ("divorced", "Divorced or dissolved", "Divorciados o disuelta"),
            ("never", "Never a couple", "Nunca fuimos pareja"),
        ]), "How are, or were, you connected?", "¿Qué relación tienen o tuvieron?").must(),
        ask("began", around(), "When did you marry, register or move in together?", "¿Cuándo se casaron, registraron o empezaron a convivir?")
            .when(chose("status", &["married", "union", "together", "divorced"])),
        ask("began-where", short(), "In which place and country?", "¿En qué lugar y país?").when(chose("status", &["married", "union", "divorced"])),
        ask("living", one_of(&[
            ("same", "In the same home", "En la misma vivienda"),
            ("same-apart", "In the same home, living separate lives", "En la misma vivienda, haciendo vidas separadas"),
            ("apart", "In different homes", "En viviendas distintas"),
        ]), "How do you live now?", "¿Cómo viven ahora?").when(not(chose("status", &["never"]))),
        ask("separated", around(), "When did you separate?", "¿Cuándo se separaron?").when(chose("living", &["same-apart", "apart"])),
        ask("contract", Kind::YesNo, "Did you sign an agreement about money or property?", "¿Firmaron un acuerdo sobre dinero o bienes?")
            .when(chose("status", &["married", "union", "together", "divorced"])),
        ask("before", Kind::YesNo, "Has either of you been married before?", "¿Alguno de los dos estuvo casado antes?").when(chose("status", &["married", "union"])),
        ask("countries", short(), "Countries either of you is a citizen of, or has lived in together", "Países de los que son ciudadanos o donde han vivido juntos")
            .help("This can decide which court and which law apply.", "Puede determinar qué juzgado y qué ley se aplican."),
    ])
}

fn children() -> Section {
    page("children", ["Children", "Hijos"],
        ["Yours, theirs, or both.", "Suyos, de la otra persona o de ambos."], CHILDREN, alloc::vec![
        ask("has-children", Kind::YesNo, "Are children concerned?", "¿Hay menores afectados?").must(),
        ask("kids", each(["Child", "Hijo o hija"], 15, alloc::vec![
            ask("kid-name", Kind::Name, "Name", "Nombre").must(),
            ask("kid-born", past(), "Date of birth", "Fecha de nacimiento").must(),
            ask("kid-parents", one_of(&[
                ("both", "Of both of you", "De ambos"), ("mine", "Mine", "Mío"), ("theirs", "Theirs", "De la otra persona"), ("care", "In our care", "A nuestro cuidado"),
            ]), "Whose child?", "¿De quién es?").must(),
            ask("kid-lives", one_of(&[
                ("me", "With me", "Conmigo"), ("partner", "With the other person", "Con la otra persona"),
                ("both", "With both in turn", "Con ambos por turnos"), ("else", "With somebody else", "Con otra persona"),
            ]), "Lives mostly", "Vive principalmente").must(),
            ask("kid-with", short(), "With whom, and since when?", "¿Con quién y desde cuándo?").when(chose("kid-lives", &["else"])).must(),
            ask("kid-needs", long(), "Health, school or other needs we should know", "Salud, escuela u otras necesidades que debamos conocer").covered(),
        ]), "Each child", "Cada menor").when(yes("has-children")).must(),
        ask("care-now", long(), "How is their time shared now?", "¿Cómo se reparte ahora el tiempo con ellos?").when(yes("has-children")),
        ask("care-wish", long(), "What would be good for them?", "¿Qué sería bueno para ellos?").when(yes("has-children")),
        ask("care-agree", one_of(&[
            ("yes", "Yes, mostly", "Sí, en general"), ("partly", "In part", "En parte"), ("no", "No", "No"), ("unasked", "We have not talked about it", "No lo hemos hablado"),
        ]), "Does the other parent see it the same way?", "¿El otro progenitor opina lo mismo?").when(yes("has-children")),
        ask("child-agency", Kind::YesNo, "Has a child-protection agency been involved?", "¿Ha intervenido un servicio de protección de menores?").when(yes("has-children")).covered(),
        ask("moving", Kind::YesNo, "Does either parent plan to move away?", "¿Algún progenitor piensa mudarse?").when(yes("has-children")),
        ask("expecting", Kind::YesNo, "Is a baby expected?", "¿Se espera un bebé?").covered(),
    ])
}

fn safety() -> Section {
    page("safety", ["Safety", "Seguridad"],
        ["We ask everybody. You may skip any of this, or tell us in person.", "Se lo preguntamos a todos. Puede saltarse lo que quiera, o contarlo en persona."],
        SAFETY, alloc::vec![
        ask("harm", any_of(&[
            ("hurt", "Hurt or hit me", "Me ha hecho daño o pegado"),
            ("threats", "Threatened me, a child, a pet or themselves", "Ha amenazado a mí, a un menor, a una mascota o con dañarse"),
            ("control", "Controls where I go or whom I see", "Controla adónde voy o a quién veo"),
            ("money", "Controls all money", "Controla todo el dinero"),
            ("watch", "Follows me or watches my phone", "Me sigue o vigila mi teléfono"),
            ("sexual", "Forced me to things I did not want", "Me ha obligado a cosas que no quería"),
            ("child", "Hurt or frightened a child", "Ha hecho daño o asustado a un menor"),
            ("weapon", "Has a weapon", "Tiene un arma"),
            ("person", "I would rather talk about it", "Prefiero hablarlo en persona"),
        ]), "Has the other person done any of this?", "¿La otra persona ha hecho algo de esto?").covered()
            .help("Leave it empty if none fits.", "Déjelo vacío si nada corresponde."),
        ask("harm-last", around(), "When was the last time?", "¿Cuándo fue la última vez?").when(answered("harm")).covered(),
        ask("harm-told", any_of(&[
            ("police", "Police", "Policía"), ("doctor", "Doctor or hospital", "Médico u hospital"), ("shelter", "Shelter or helpline", "Refugio o línea de ayuda"), ("friend", "Family or friends", "Familia o amigos"),
        ]), "Who knows about it?", "¿Quién lo sabe?").when(answered("harm")).covered(),
        ask("order", Kind::YesNo, "Is there a protection or restraining order, for or against anybody?", "¿Hay una orden de protección o alejamiento, a favor o en contra de alguien?").must(),
        ask("order-who", short(), "For whom, against whom, and until when?", "¿A favor de quién, contra quién y hasta cuándo?").when(yes("order")).must().is(Role::Deadline),
        ask("safe-place", Kind::YesNo, "Do you have a safe place to stay?", "¿Tiene un lugar seguro donde quedarse?")
            .when(either(alloc::vec![answered("harm"), yes("danger"), yes("afraid")])),
        ask("knows", Kind::YesNo, "Does the other person know that you are looking for a lawyer?", "¿La otra persona sabe que busca abogado?").is(Role::SafeContact),
    ])
}

fn means() -> Section {
    let supports = || either(alloc::vec![chose("topics", &["divorce", "child-support", "spouse-support", "property", "agreement", "change"]), yes("has-children")]);
    page("means", ["Work and money", "Trabajo y dinero"],
        ["Rough figures are fine, in your own currency.", "Bastan cifras aproximadas, en su moneda."], MONEY, alloc::vec![
        ask("work", one_of(&[
            ("employed", "Employed", "Empleado"), ("self", "Self-employed", "Por cuenta propia"), ("home", "Caring for home or family", "Al cuidado del hogar o la familia"),
            ("seeking", "Looking for work", "En busca de empleo"), ("retired", "Retired", "Jubilado"), ("unable", "Unable to work", "Sin poder trabajar"), ("student", "Student", "Estudiante"),
        ]), "What do you do?", "¿A qué se dedica?"),
        ask("employer", short(), "Employer or business", "Empleador o negocio").when(chose("work", &["employed", "self"])).is(Role::OtherName).why(CONFLICT),
        ask("income", money(), "Your income each month, before tax", "Sus ingresos mensuales brutos").when(supports()).covered(),
        ask("partner-work", short(), "What does the other person do?", "¿A qué se dedica la otra persona?").when(supports()),
        ask("partner-income", money(), "Their income each month, as far as you know", "Sus ingresos mensuales, si los conoce").when(supports()).covered(),
        ask("assets", each(["Thing of value", "Bien"], 20, alloc::vec![
            ask("asset-kind", one_of(&[
                ("home", "Home or land", "Vivienda o terreno"), ("savings", "Account or savings", "Cuenta o ahorros"), ("pension", "Pension or retirement plan", "Pensión o plan de jubilación"),
                ("vehicle", "Vehicle", "Vehículo"), ("business", "Business or shares", "Negocio o acciones"), ("other", "Other", "Otro"),
            ]), "Kind", "Tipo").must(),
            ask("asset-what", short(), "What is it?", "¿Qué es?").must(),
            ask("asset-worth", money(), "About how much is it worth?", "¿Cuánto vale aproximadamente?").covered(),
            ask("asset-whose", one_of(&[("me", "Mine", "Mío"), ("partner", "Theirs", "De la otra persona"), ("both", "Both", "De ambos"), ("unsure", "Not sure", "No estoy seguro")]), "In whose name?", "¿A nombre de quién?"),
        ]), "What do you own, alone or together?", "¿Qué bienes tienen, solos o juntos?").when(supports()),
        ask("debts", each(["Debt", "Deuda"], 20, alloc::vec![
            ask("debt-what", short(), "What is owed, and to whom?", "¿Qué se debe y a quién?").must(),
            ask("debt-left", money(), "How much is left?", "¿Cuánto queda?").covered(),
            ask("debt-whose", one_of(&[("me", "Mine", "Mía"), ("partner", "Theirs", "De la otra persona"), ("both", "Both", "De ambos")]), "Whose debt?", "¿De quién es?"),
        ]), "What do you owe?", "¿Qué deben?").when(supports()),
        ask("home-pays", short(), "Who pays rent or mortgage now?", "¿Quién paga ahora el alquiler o la hipoteca?").when(supports()),
        ask("fees", Kind::YesNo, "Could the cost of a lawyer be a problem for you?", "¿El coste de un abogado podría ser un problema?")
            .help("There may be legal aid; we will tell you.", "Puede haber asistencia gratuita; se lo diremos."),
    ])
}

fn papers() -> Section {
    page("papers", ["Papers", "Documentos"],
        ["Whatever you have at hand. Photos taken with your phone are fine. More can follow later.", "Lo que tenga a mano. Sirven fotos hechas con el teléfono. Puede enviar más después."],
        PROOF, alloc::vec![
        ask("court-papers", files(PAPERS, "All pages, also the envelope if it shows a date.", "Todas las páginas, y el sobre si muestra una fecha."), "Court papers and letters from lawyers", "Documentos judiciales y cartas de abogados")
            .when(either(alloc::vec![yes("served"), yes("hearing"), yes("case")])),
        ask("order-papers", files(PAPERS, "Protection orders and police reports.", "Órdenes de protección e informes policiales."), "Protection order, police report", "Orden de protección, informe policial")
            .when(either(alloc::vec![yes("order"), answered("harm")])).why(SAFETY),
        ask("contract-papers", files(PAPERS, "Signed pages matter most.", "Lo más importante son las páginas firmadas."), "Your agreement with each other", "El acuerdo entre ustedes").when(yes("contract")),
        ask("certificates", files(PAPERS, "Marriage and birth certificates.", "Certificados de matrimonio y de nacimiento."), "Certificates", "Certificados"),
        ask("pay", files(&[FileKind::Photo, FileKind::Pdf, FileKind::Sheet], "The last three months, and your last tax return.", "Los tres últimos meses y la última declaración de impuestos."), "Pay stubs and tax return", "Nóminas y declaración de impuestos")
            .when(both(alloc::vec![chose("topics", &["divorce", "child-support", "spouse-support", "property"]), chose("work", &["employed", "self"])])).why(MONEY),
        ask("messages", files(&[FileKind::Photo, FileKind::Pdf, FileKind::Audio, FileKind::Video], "Only if you can keep them safely. Please do not record anybody in secret before we have talked.", "Solo si puede guardarlos sin riesgo. No grabe a nadie en secreto antes de hablar con nosotros."), "Messages, photos or recordings that matter", "Mensajes, fotos o grabaciones importantes"),
        ask("other-papers", files(&[], "Any kind of file.", "Cualquier tipo de archivo."), "Anything else", "Cualquier otra cosa"),
    ])
}

fn wishes() -> Section {
    page("wishes", ["What matters to you", "Lo que le importa"],
        ["The last page of questions.", "La última página de preguntas."], FACTS, alloc::vec![
        ask("outcome", long(), "What would a good end look like?", "¿Cuál sería un buen final?"),
        ask("way", one_of(&[
            ("agree", "Settle by talking, if at all possible", "Llegar a un acuerdo hablando, si es posible"),
            ("court", "Have a court decide", "Que decida un juzgado"), ("unsure", "I do not know yet", "Aún no lo sé"),
        ]), "Which way would you rather go?", "¿Qué camino prefiere?"),
        ask("worry", long(), "What worries you most?", "¿Qué es lo que más le preocupa?"),
        ask("else", long(), "Is there anything we did not ask?", "¿Hay algo que no le hayamos preguntado?"),
    ])
}
