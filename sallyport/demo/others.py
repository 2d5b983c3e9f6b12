"""Samples: employers, people who write for somebody else, and questions that are everybody's."""

from __future__ import annotations

from sallyport.demo.mails import by_mail, several, words
from sallyport.demo.sample import Pen, Sample, Writing


def quarterly_report(pen: Pen) -> Sample:
    """Tell of an employer about the quarterly report."""
    federal, account = pen.ein(), pen.employer_account()
    text = f"""
Good afternoon,

We received a penalty notice for the third quarter although our report was filed on October 28 (confirmation attached to
the account). Our federal EIN is {federal}, State employer account no. {account[:4]}-{account[4:]}.

Please remove the penalty or let us know whom to call.

Frances Doyle, bookkeeper
Doyle & Sons Roofing
"""
    return by_mail(
        pen,
        title="Employer, penalty for a report",
        name="Frances Doyle",
        address="office@doyleroofing.example",
        subject="Penalty notice Q3",
        part=words(text),
        mailbox="employers",
    )


def separation(pen: Pen) -> Sample:
    """Tell of an employer about a former worker's claim."""
    number, federal = pen.ssn(), pen.ein()
    text = f"""
<p>This is in response to your request for separation information.</p><table>
<tr><td>Employee</td><td>Kevin J. Maddox</td></tr><tr><td>SSN</td><td>{number.replace("-", "</td><td>")}</td></tr>
<tr><td>Employer tax id</td><td>{federal}</td></tr>
<tr><td>Reason</td><td>Quit without notice, no call no show for 3 days</td></tr>
</table><p>We contest this claim for benefits.</p><p>Human Resources, Baystate Cold Storage</p>
"""
    return by_mail(
        pen,
        title="Separation form in an HTML table",
        name="Baystate Cold Storage HR",
        address="hr@baystatecold.example",
        subject="Separation information",
        part=words(text, "html", encoding="quoted-printable"),
        mailbox="employers",
    )


def new_business(pen: Pen) -> Sample:
    """Tell of a question of somebody who is about to hire: the answer is the same for anybody."""
    text = """
Hi! I am opening a small bakery in the spring and want to hire two people part time. When does a new employer have to
register with you, and is there a guide for small businesses? Thanks!

Bridget
"""
    return by_mail(
        pen,
        title="A question before hiring",
        name="Bridget Callahan",
        address="bridget@example.org",
        subject="question before hiring",
        part=words(text),
    )


def landlord(pen: Pen) -> Sample:
    """Tell of a landlord who asks about a tenant: nothing may be told."""
    number, phone = pen.ssn(), pen.phone()
    text = f"""
I rent an apartment at 14 Cedar St to Mr. Jean-Paul Estime. He says he gets unemployment. Before I renew the lease I
need you to confirm how much he gets a week and until when. He gave me his Social: {number}. You can call me at {phone}.

Walter Kozlowski, owner
"""
    return by_mail(
        pen,
        title="A landlord about a tenant",
        name="Walter Kozlowski",
        address="wkozlowski@example.net",
        subject="income verification tenant",
        part=words(text),
    )


def legislator(pen: Pen) -> Sample:
    """Tell of a legislator's aide about a constituent."""
    number = pen.ssn()
    text = f"""
Good morning,

Our office was contacted by a constituent, Ms. Gloria Fontaine of Chicopee (last four {number[-4:]}; she also gave us
the whole number, {number}), whose claim has been pending for seven weeks. A signed release is on its way by fax. Could
someone from your constituent services team call her, and let us know when that has happened?

Sam Oduya
Legislative Aide, Office of Representative Lindqvist
"""
    return by_mail(
        pen,
        title="A legislator's aide",
        name="Sam Oduya",
        address="sam.oduya@house.example",
        subject="Constituent inquiry - G. Fontaine",
        part=words(text),
    )


def lawyer(pen: Pen) -> Sample:
    """Tell of a lawyer for a claimant whose hearing was missed."""
    number = pen.ssn()
    text = f"""
Re: Yolanda Cruz, SSN {number}

I represent the above claimant. The hearing of November 12 was held without her because the notice went to an address
she left in June. We ask that the default be vacated and a new hearing scheduled. My authorization is on file.

Patrick Greene, Esq.
"""
    return by_mail(
        pen,
        title="A lawyer, missed hearing",
        name="Law Office of Patrick Greene",
        address="pgreene@greenelaw.example",
        subject="Request to vacate default",
        part=words(text, encoding="quoted-printable"),
        mailbox="hearings",
    )


def own_file(pen: Pen) -> Sample:
    """Tell how somebody asks for what is held about them."""
    number = pen.ssn()
    text = f"""
Under the Fair Information Practices Act I ask for a copy of all personal data you hold about me, and a list of everyone
you gave it to since January 2025.

Eleanor Whitcomb, Social Security number {number}
Mail it to 9 Harbor View Rd, Gloucester 01930
"""
    return by_mail(
        pen,
        title="Own file, privacy request",
        name="Eleanor Whitcomb",
        address="ewhitcomb@example.org",
        subject="Request for my personal data",
        part=words(text),
        mailbox="privacy",
    )


def reporter(pen: Pen) -> Sample:
    """Tell how a reporter asks for figures."""
    phone = pen.phone()
    text = f"""
Hi, I am a reporter with the Valley Courier working on a story about call waiting times. Do you publish the average wait
and the number of calls answered per month? My deadline is Wednesday 3 pm. My desk line is {phone}.

Noor Haddad
"""
    return by_mail(
        pen,
        title="A reporter, published figures",
        name="Noor Haddad",
        address="nhaddad@courier.example",
        subject="media question: waiting times",
        part=words(text),
    )


def office_hours(pen: Pen) -> Sample:
    """Tell of opening hours of a job center."""
    text = (
        "What are the opening hours of the job center in Springfield, and is there parking? Do I need an appointment?"
    )
    html = f"<div dir=ltr>{text}<br><br>Best,<br>Tomasz</div>"
    return by_mail(
        pen,
        title="Opening hours",
        name="Tomasz W.",
        address="tomasz.w@example.com",
        subject="opening hours",
        part=several("alternative", words(text), words(html, "html")),
    )


def how_long(pen: Pen) -> Sample:
    """Tell of how long benefits last, asked for nobody in particular."""
    text = """
Hello, for how many weeks can a person get unemployment benefits in this state at most, and does it change with the
unemployment rate? I could not find it on the website. Thank you.
"""
    return by_mail(
        pen,
        title="How many weeks at most",
        name="Irene Castellano",
        address="irene.c@example.net",
        subject="maximum number of weeks",
        part=words(text, charset="iso-8859-1", encoding="quoted-printable"),
    )


def training_courses(pen: Pen) -> Sample:
    """Tell of a question about courses."""
    text = """
Good evening, is there a list of the training courses that are approved this winter, for example for welding or for
medical coding? And who can take part? I saw a flyer at the library.

Dwayne
"""
    return by_mail(
        pen,
        title="List of training courses",
        name="Dwayne Foster",
        address="dfoster@example.org",
        subject="training courses winter",
        part=words(text),
    )


def looks_general(pen: Pen) -> Sample:
    """Tell of a question asked as if for anybody, and it is not: a number stands below the name."""
    number = pen.ssn()
    text = f"""
Hi, just a general question. How does somebody find out why their payment is on hold?

Nadia Karim
{number}
"""
    return by_mail(
        pen,
        title="'A general question', with a number",
        name="Nadia Karim",
        address="nkarim@example.com",
        subject="general question",
        part=words(text),
    )


OTHERS: tuple[Writing, ...] = (
    quarterly_report,
    separation,
    new_business,
    landlord,
    legislator,
    lawyer,
    own_file,
    reporter,
    office_hours,
    how_long,
    training_courses,
    looks_general,
)
