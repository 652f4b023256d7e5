from django.urls import path

from .feed import ElsewhereFeed
from .views import ElsewhereRecord

urlpatterns = [
    path("changes.atom", ElsewhereFeed(), name="elsewhere-feed"),
    path("<slug:scheme>/<path:identifier>/", ElsewhereRecord.as_view(), name="elsewhere-record"),
]
