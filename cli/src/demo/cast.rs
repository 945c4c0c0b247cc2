//! The demonstration's people and their troubles. Everybody here is made up.

/// A field of law.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Practice {
    /// Separation, children, support.
    Family,
    /// Accidents and their consequences.
    Injury,
}

impl Practice {
    /// The key of the intake template.
    #[must_use]
    pub const fn template(self) -> &'static str {
        match self {
            Self::Family => "family",
            Self::Injury => "injury",
        }
    }

    /// As the firm calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Family => "Family law",
            Self::Injury => "Personal injury",
        }
    }
}

/// How far a matter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Opened, nobody invited yet.
    Opened,
    /// The client has a link and has not answered.
    Invited,
    /// Answers wait for a decision.
    Waiting,
    /// Taken on.
    Accepted,
    /// Turned down.
    Declined,
    /// The client was asked for more.
    AskedBack,
}

/// The firm.
pub const FIRM: &str = "Hale, Porter & Okafor LLP";

/// A client.
pub struct Client {
    /// Given name.
    pub given: &'static str,
    /// Family name.
    pub family: &'static str,
    /// Date of birth.
    pub born: &'static str,
    /// Telephone.
    pub phone: &'static str,
    /// E-mail.
    pub email: &'static str,
    /// Street, city, region, postal code.
    pub home: [&'static str; 4],
    /// Whom the client works for.
    pub employer: &'static str,
}

const fn client(
    [given, family]: [&'static str; 2],
    born: &'static str,
    phone: &'static str,
    email: &'static str,
    home: [&'static str; 4],
    employer: &'static str,
) -> Client {
    Client { given, family, born, phone, email, home, employer }
}

/// The clients.
pub const CLIENTS: [Client; 12] = [
    client(
        ["Elena", "Marchetti"],
        "1984-03-17",
        "+1 512 555 0114",
        "elena.m@example.com",
        ["418 Juniper Lane", "Austin", "TX", "78704"],
        "Brightwater Dental Group",
    ),
    client(
        ["Marcus", "Whitfield"],
        "1979-11-02",
        "+1 512 555 0127",
        "m.whitfield@example.com",
        ["2207 Barton Hills Drive", "Austin", "TX", "78704"],
        "Lone Star Freight",
    ),
    client(
        ["Priya", "Raman"],
        "1991-06-25",
        "+1 737 555 0139",
        "priya.raman@example.com",
        ["95 Red River Street, Apt 1204", "Austin", "TX", "78701"],
        "Calder Software",
    ),
    client(
        ["Thomas", "Beckett"],
        "1966-01-30",
        "+1 512 555 0148",
        "tbeckett@example.com",
        ["77 Old Mill Road", "Dripping Springs", "TX", "78620"],
        "Beckett Stonework",
    ),
    client(
        ["Aisha", "Karim"],
        "1988-09-12",
        "+1 737 555 0153",
        "aisha.karim@example.com",
        ["3310 Speedway, Unit 6", "Austin", "TX", "78705"],
        "St. Brendan's Hospital",
    ),
    client(
        ["Joseph", "Lindgren"],
        "1958-05-08",
        "+1 512 555 0162",
        "joe.lindgren@example.com",
        ["14 Quarry Court", "Round Rock", "TX", "78664"],
        "Hill Country Transit",
    ),
    client(
        ["Sofía", "Delgado"],
        "1995-12-19",
        "+1 737 555 0171",
        "sofia.delgado@example.com",
        ["1802 East Cesar Chavez Street", "Austin", "TX", "78702"],
        "Casa Delgado Bakery",
    ),
    client(
        ["Daniel", "O'Rourke"],
        "1973-07-04",
        "+1 512 555 0185",
        "dorourke@example.com",
        ["609 Heatherwood Drive", "Cedar Park", "TX", "78613"],
        "Cedar Park School District",
    ),
    client(
        ["Mei", "Tanaka"],
        "1990-02-21",
        "+1 737 555 0190",
        "mei.tanaka@example.com",
        ["5101 Duval Street", "Austin", "TX", "78751"],
        "Violet Crown Press",
    ),
    client(
        ["Robert", "Haines"],
        "1982-10-15",
        "+1 512 555 0203",
        "rob.haines@example.com",
        ["221 Lakeshore Boulevard", "Lakeway", "TX", "78734"],
        "Haines Marine Supply",
    ),
    client(
        ["Grace", "Adeyemi"],
        "1969-08-27",
        "+1 737 555 0216",
        "grace.adeyemi@example.com",
        ["8700 Shoal Creek Boulevard", "Austin", "TX", "78757"],
        "Travis County Library",
    ),
    client(
        ["Luke", "Brandt"],
        "2000-04-11",
        "+1 512 555 0224",
        "luke.brandt@example.com",
        ["1450 Rundberg Lane, Apt 33", "Austin", "TX", "78753"],
        "Northgate Climbing Hall",
    ),
];

/// A matter.
pub struct Case {
    /// Whose: a place in [`CLIENTS`].
    pub client: usize,
    /// What it is called.
    pub title: &'static str,
    /// The field of law.
    pub practice: Practice,
    /// How far it is.
    pub stage: Stage,
    /// The person or company on the other side.
    pub other: &'static str,
    /// What happened, in the client's words.
    pub story: &'static str,
    /// Documents handed in.
    pub papers: usize,
}

const fn case(
    client: usize,
    title: &'static str,
    practice: Practice,
    stage: Stage,
    other: &'static str,
    papers: usize,
    story: &'static str,
) -> Case {
    Case { client, title, practice, stage, other, story, papers }
}

use Practice::{Family, Injury};
use Stage::{Accepted, AskedBack, Declined, Invited, Opened, Waiting};

/// The matters: 20, with 60 documents.
pub const CASES: [Case; 20] = [
    case(
        0,
        "Divorce, two children",
        Family,
        Accepted,
        "Paolo Marchetti",
        5,
        "We separated in the spring after a year of trying. Paolo moved to his brother's in April. We agree that the children stay in their school, but not on the house or on the summer holidays.",
    ),
    case(
        1,
        "Collision on I-35",
        Injury,
        Accepted,
        "Ridgeline Hauling Inc.",
        5,
        "I was stopped behind a queue near exit 234 when a truck of Ridgeline Hauling pushed me into the car ahead. The driver said at the scene that he had looked at his phone.",
    ),
    case(
        2,
        "Prenuptial agreement",
        Family,
        Accepted,
        "Anders Holm",
        3,
        "We marry in May. I own a part of the company I work for, he has a house from his grandmother. We want it written down fairly, and we are still talking.",
    ),
    case(
        3,
        "Fall from scaffold",
        Injury,
        Accepted,
        "Pinnacle Renovations LLC",
        4,
        "The scaffold at the Congress Avenue site had no guard rail on the third level. I had told the foreman on Monday. On Wednesday I stepped back and fell about nine feet.",
    ),
    case(
        4,
        "Protective order and custody",
        Family,
        Accepted,
        "Samir Karim",
        4,
        "He has followed me to work three times since I left, and he sends messages at night. Our daughter is four. I want her to be safe, and I want to stay at my work.",
    ),
    case(
        5,
        "Hip replacement, infection",
        Injury,
        Accepted,
        "Mercy Ridge Surgical Center",
        4,
        "After the operation the wound was hot for nine days and I was told to wait. On the tenth day I was taken to the emergency room with a blood infection.",
    ),
    case(
        6,
        "Child support, change of order",
        Family,
        Accepted,
        "Hector Ruiz",
        3,
        "The order is from 2021. Hector earns much more since he changed his work, and our son needs speech therapy that my insurance does not pay.",
    ),
    case(
        7,
        "Dog attack at the park",
        Injury,
        Accepted,
        "Curtis Vaughn",
        3,
        "A dog off its leash bit my right hand while I held my own dog away from it. The owner left before the police came, but two people knew him.",
    ),
    case(
        8,
        "Divorce, shared business",
        Family,
        Waiting,
        "Kenji Tanaka",
        4,
        "We have run the press together for eight years. I want to end the marriage without ending the business, or else to be paid out.",
    ),
    case(
        9,
        "Boat propeller injury",
        Injury,
        Waiting,
        "Lakeway Rentals",
        4,
        "The rental boat's engine did not stop when the kill cord was pulled. My left foot was cut. The company says that I held the cord wrong.",
    ),
    case(
        10,
        "Guardianship of a grandchild",
        Family,
        Waiting,
        "Tunde Adeyemi",
        4,
        "My grandson has lived with me since his mother fell ill. The school wants papers that I do not have.",
    ),
    case(
        11,
        "Climbing hall, rope failure",
        Injury,
        Waiting,
        "Gripline Equipment Co.",
        4,
        "The rope was new. It tore at the knot in a normal fall. I work at the hall myself and kept both ends.",
    ),
    case(
        0,
        "Rear-end collision, school run",
        Injury,
        Waiting,
        "Dana Pruitt",
        4,
        "A car hit us from behind at the crossing by the school. My daughter was in her seat and is well; my neck is not.",
    ),
    case(
        3,
        "Separation agreement",
        Family,
        AskedBack,
        "Margaret Beckett",
        3,
        "We have lived apart for two years and want to put on paper what we do already.",
    ),
    case(
        7,
        "Contact with daughter",
        Family,
        AskedBack,
        "Helen Frost",
        3,
        "Since she moved I see our daughter every second weekend at most. I would like to be part of her school weeks again.",
    ),
    case(
        5,
        "Bus stop fall",
        Injury,
        Declined,
        "City of Round Rock",
        3,
        "The pavement at the stop is broken. I fell there in January two years ago and thought nothing of it until my wrist was looked at this summer.",
    ),
    case(9, "Alimony, new marriage", Family, Invited, "Claire Haines", 0, ""),
    case(10, "Slip in a supermarket", Injury, Invited, "Fairway Foods", 0, ""),
    case(6, "Delivery van, bicycle lane", Injury, Invited, "Swiftbox Couriers", 0, ""),
    case(2, "Will and guardianship clause", Family, Opened, "", 0, ""),
];
