"""What is said of a company or a job that was typed and cannot be told."""

from webapp.models import Company, Job
from webapp.queries.setup.choices import job_told
from webapp.queries.setup.fin_cos import companies_like, company_told

MOST_NAMED = 5


def not_one_company(fin_co_id: int, text: str, called: tuple[Company, ...]) -> str:
    """Name the companies that may be meant where not just one is called that."""
    if called:
        names = [company_told(company) for company in called]
        return f"Several companies are called that. Write one of: {'; '.join(names[:MOST_NAMED])}."
    near = [choice.value for choice in companies_like(fin_co_id, text)]
    if near:
        return f"No company is called {text}. Write one of: {'; '.join(near[:MOST_NAMED])}."
    return f"No company of this FinCo is like {text}. Write part of its name or its account."


def not_one_job(text: str, called: tuple[Job, ...]) -> str:
    """Name the jobs that may be meant where not just one is called that."""
    if called:
        names = "; ".join(job_told(job) for job in called)
        return f"Several jobs have this code. Write one of: {names}."
    return f"No job of this financial company is called {text}."
