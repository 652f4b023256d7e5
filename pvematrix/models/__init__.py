"""In: accounts of staff, and persons in registers of their own.
Out: what the site stores besides the register of projects.
May import: projects.
"""

from .accounts import Account, Credential
from .persons import AssistanceRequest, Expert
