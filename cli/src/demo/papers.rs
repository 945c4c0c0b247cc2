//! The documents that the clients hand in: real PDF, PNG, JPEG and text files about made-up things.

use super::cast::{CLIENTS, Case, Practice};
use super::pdf::pdf;
use super::picture::{Picture, Scene};

/// A document before it is sealed.
pub struct Paper {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub mime: &'static str,
    /// The question it answers, by the form's id.
    pub field: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

enum Content {
    Pdf(&'static str, fn(&Case) -> Vec<String>),
    Photo(Scene),
    Scan(Scene),
    Text(fn(&Case) -> Vec<String>),
}

type Listed = (&'static str, &'static str, Content);

const FAMILY: [Listed; 7] = [
    (
        "Marriage certificate.pdf",
        "certificates",
        Content::Pdf("Certificate of marriage", certificate),
    ),
    ("Pay stub October 2026.pdf", "pay", Content::Pdf("Earnings statement", pay_stub)),
    ("Birth certificates scan.png", "certificates", Content::Scan(Scene::Page)),
    ("Our house.jpg", "other-papers", Content::Photo(Scene::House)),
    ("Bank statement September.pdf", "other-papers", Content::Pdf("Account statement", statement)),
    ("Messages.txt", "messages", Content::Text(messages)),
    ("Letter from the school.pdf", "other-papers", Content::Pdf("Letter", letter)),
];

const INJURY: [Listed; 7] = [
    ("IMG_2041.jpg", "scene", Content::Photo(Scene::Car)),
    ("Police report 26-2591147.pdf", "report", Content::Pdf("Incident report 26-2591147", report)),
    ("Emergency room summary.pdf", "medical-papers", Content::Pdf("Discharge summary", discharge)),
    ("Insurance card.png", "card", Content::Scan(Scene::Card)),
    ("Hospital bill.pdf", "medical-papers", Content::Pdf("Statement of charges", bill)),
    ("Notes, evening of the day.txt", "other-papers", Content::Text(notes)),
    ("Pay stub September 2026.pdf", "pay-papers", Content::Pdf("Earnings statement", pay_stub)),
];

/// The documents of a case; `number` moves the beginning so that not all cases have the same.
#[must_use]
pub fn papers(case: &Case, number: usize) -> Vec<Paper> {
    let listed = match case.practice {
        Practice::Family => &FAMILY,
        Practice::Injury => &INJURY,
    };
    listed
        .iter()
        .cycle()
        .skip(number % 3)
        .take(case.papers)
        .map(|one| make(one, case, number))
        .collect()
}

fn make((name, field, content): &Listed, case: &Case, number: usize) -> Paper {
    let seed = u32::try_from(number * 31 + name.len()).unwrap_or(7);
    let (mime, bytes) = match content {
        Content::Pdf(title, lines) => ("application/pdf", pdf(title, &lines(case))),
        Content::Photo(scene) => ("image/jpeg", Picture::of(*scene, seed).jpeg()),
        Content::Scan(scene) => ("image/png", Picture::of(*scene, seed).png()),
        Content::Text(lines) => ("text/plain", lines(case).join("\n").into_bytes()),
    };
    Paper { name, mime, field, bytes }
}

fn lines(text: String) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

fn name(case: &Case) -> String {
    let client = &CLIENTS[case.client];
    format!("{} {}", client.given, client.family)
}

fn home(case: &Case) -> String {
    let [street, city, region, code] = CLIENTS[case.client].home;
    format!("{street}, {city}, {region} {code}")
}

fn certificate(case: &Case) -> Vec<String> {
    lines(format!(
        "Travis County Clerk\nBook 1184, page 207\n\nIt is certified that\n\n    {}\n    {}\n\nwere joined in \
         marriage at Austin on the 14th day of June 2014,\nin the presence of two witnesses.\n\nIssued as a \
         true copy on 3 November 2026.",
        name(case),
        case.other
    ))
}

fn pay_stub(case: &Case) -> Vec<String> {
    lines(format!(
        "{}\n\nEmployee        {}\nPeriod          16 to 30 September 2026\n\nRegular pay     80.00 h at \
         28.88          2,310.40\nMedical plan                              -118.20\nRetirement \
         plan                           -92.42\nFederal tax                               -241.00\n\nNet \
         pay                                  1,858.78\n\nYear to date    gross 41,587.20, net 33,458.04",
        CLIENTS[case.client].employer,
        name(case)
    ))
}

fn statement(case: &Case) -> Vec<String> {
    let mut all = lines(format!(
        "First Prairie Bank\n{}\n{}\n\nChecking ...4471, September 2026\n",
        name(case),
        home(case)
    ));
    let mut balance = 482_210_i64;
    for day in 1..=28_i64 {
        let amount = if day % 14 == 1 { 185_878 } else { -(1_250 + day * 317 % 9_400) };
        balance += amount;
        let what = if amount > 0 {
            "Salary"
        } else {
            ["Groceries", "Fuel", "School", "Pharmacy"][(day % 4) as usize]
        };
        all.push(format!(
            "Sep {day:02}   {what:<20} {:>10.2} {:>12.2}",
            amount as f64 / 100.0,
            balance as f64 / 100.0
        ));
    }
    all
}

fn letter(case: &Case) -> Vec<String> {
    lines(format!(
        "Barton Springs Elementary School\n\nDear {},\n\nwe were glad to see Nora and Leo back after the \
         holidays. As you asked us,\nwe confirm that both were brought and collected by you on all school \
         days\nof September.\n\nIf anything about the contacts on file should change, please come by \
         the\noffice in person.\n\nWith kind regards\nThe school office",
        name(case)
    ))
}

fn messages(case: &Case) -> Vec<String> {
    lines(format!(
        "From {}\n\n2 Oct 18:41  Can we talk about the weekend?\n2 Oct 19:03  I would rather have it in \
         writing.\n2 Oct 19:05  Fine. Saturday ten to Sunday five.\n9 Oct 07:12  I need the papers for the \
         tax.\n9 Oct 07:40  They are in the blue folder.\n",
        case.other
    ))
}

fn report(case: &Case) -> Vec<String> {
    lines(format!(
        "Austin Police Department\n\nDate and time     16 September 2026, 08:24\nPlace             see \
         sketch\nReporting person  {}\nOther party       {}\n\nThe officer found the reporting person on \
         the spot, responsive, complaining\nof pain in neck and shoulder. Photographs were taken. Two \
         persons who had\nseen it left their names.\n\nThe other party did not make a statement.\n\n\
         Officer 4471",
        name(case),
        case.other
    ))
}

fn discharge(case: &Case) -> Vec<String> {
    lines(format!(
        "St. Brendan's Hospital, Emergency Department\n\nPatient     {}\nBorn        {}\nSeen        16 \
         September 2026, 09:50\n\nFindings    Tenderness of the cervical spine, no fracture on imaging.\n            \
         Bruising of the left shoulder, full strength.\n\nAdvice      Rest, ice, ibuprofen with food. See \
         your doctor in five days,\n            sooner with numbness, dizziness or fever.\n\nDischarged \
         at 13:10.",
        name(case),
        CLIENTS[case.client].born
    ))
}

fn bill(case: &Case) -> Vec<String> {
    lines(format!(
        "St. Brendan's Hospital\nAccount 88-204471\n{}\n{}\n\nEmergency room, level 4             \
         2,915.00\nImaging, cervical spine             3,480.00\nMedication                             \
         64.45\nPhysician                           2,256.00\n\nTotal                               \
         8,715.45\nPaid by plan                        5,902.10\nDue by 30 November 2026             \
         2,813.35",
        name(case),
        home(case)
    ))
}

fn notes(case: &Case) -> Vec<String> {
    lines(format!(
        "Written on the evening of the same day, so that I do not forget.\n\n{}\n\nIt was dry and bright. \
         The people who helped me: Ruth, and a man with a red cap.\nMy neck hurts more now than this \
         morning.\n",
        case.story
    ))
}
