"""The archive: bulletins, issues and articles on the web."""

from django.urls import path

from issues import views
from issues.feeds import IssuesFeed

app_name = "issues"
urlpatterns = [
    path("", views.home, name="home"),
    path("b/<slug:slug>/", views.bulletin, name="bulletin"),
    path("b/<slug:slug>/feed/", IssuesFeed(), name="feed"),
    path("b/<slug:slug>/masthead/<str:name>", views.masthead, name="masthead"),
    path("b/<slug:slug>/issues/<int:pk>/", views.issue, name="issue"),
    path("b/<slug:slug>/issues/<int:pk>/pdf/", views.pdf, name="pdf"),
    path("b/<slug:slug>/issues/<int:pk>/pdf/<int:number>/", views.pdf, name="pdf"),
    path("b/<slug:slug>/issues/<int:pk>/figures/<str:name>", views.figure, name="figure"),
    path("b/<slug:slug>/issues/<int:issue_pk>/articles/<int:pk>/", views.article, name="article"),
]
