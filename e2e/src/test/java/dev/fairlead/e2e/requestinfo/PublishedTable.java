package dev.fairlead.e2e.requestinfo;

import java.util.List;

/** The requests that Kubernetes tests its own reading with. */
final class PublishedTable {

  static final List<Question> QUESTIONS =
      """
      GET /api/v1/namespaces
      GET /api/v1/namespaces/other
      GET /api/v1/namespaces/other/pods
      GET /api/v1/namespaces/other/pods/foo
      HEAD /api/v1/namespaces/other/pods/foo
      GET /api/v1/pods
      HEAD /api/v1/pods
      GET /api/v1/proxy/namespaces/other/pods/foo
      GET /api/v1/proxy/namespaces/other/pods/foo/subpath/not/a/subresource
      GET /api/v1/watch/pods
      GET /api/v1/pods?watch=true
      GET /api/v1/pods?watch=false
      GET /api/v1/watch/namespaces/other/pods
      GET /api/v1/namespaces/other/pods?watch=1
      GET /api/v1/namespaces/other/pods?watch=0
      GET /api/v1/namespaces/other/pods/foo/status
      GET /api/v1/namespaces/other/pods/foo/proxy/subpath
      PUT /api/v1/namespaces/other/finalize
      PUT /api/v1/namespaces/other/status
      PATCH /api/v1/namespaces/other/pods/foo
      DELETE /api/v1/namespaces/other/pods/foo
      POST /api/v1/namespaces/other/pods
      DELETE /api/v1/nodes
      DELETE /api/v1/namespaces
      DELETE /api/v1/namespaces/other/pods
      DELETE /apis/extensions/v1/namespaces/other/pods
      POST /apis/extensions/v1/namespaces/other/pods
      POST /apis/extensions/v1beta3/namespaces/other/pods
      GET /
      GET /api/version/
      GET /apis/group/version/
      GET /badprefix/version/resource
      GET /apis/version/resource
      GET /api/version/resource
      GET /apis/group/version/resource/name/subresource
      GET /api/version/resource/name/subresource
      GET /apis/batch/v1/job
      GET /apis/batch/v1/job/foo
      GET /apis/batch/v1/job/foo/scale
      GET /not-api/version/resource
      GET /apis/extensions/v1beta1
      GET /apis/extensions/v1beta1/
      GET /api/version
      GET /api
      GET /apis/group/version/resource
      GET /apis/group/version/resource?fieldSelector=metadata.name=name1
      GET /apis/group/version/resource?watch=true&fieldSelector=metadata.name=name1
      GET /apis/group/version/resource?fieldSelector=foo=bar&labelSelector=baz=qux
      GET /apis/group/version/resource?fieldSelector=metadata.name=name1,foo
      GET /apis/group/version/resource?fieldSelector=metadata.name=name1,foo&watch=true
      GET /apis/group/version/resource?fieldSelector=metadata.name=name1,foo&watch=false
      DELETE /apis/group/version/resource?fieldSelector=foo=bar&labelSelector=baz=qux
      GET /apis/group/version/resource?fieldSelector=metadata.name=foo&fieldSelector=metadata.name=bar&labelSelector=foo=bar&labelSelector=foo=baz
      GET /apis/group/version/resource/name?fieldSelector=foo=bar&labelSelector=foo=bar
      GET /apis/group/version/watch/resource?fieldSelector=metadata.name=foo&labelSelector=foo=bar
      GET /apis/group/version/watch/resource/name?fieldSelector=metadata.name=foo&labelSelector=foo=bar
      """
          .lines()
          .map(line -> line.split(" "))
          .map(line -> new Question(line[0], line[1]))
          .toList();

  private PublishedTable() {}
}
