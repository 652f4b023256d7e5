"""What the site stores besides the register: accounts of staff, and registers of persons."""

from .accounts import Account, Credential
from .persons import AssistanceRequest, Expert, PersonalRecord
