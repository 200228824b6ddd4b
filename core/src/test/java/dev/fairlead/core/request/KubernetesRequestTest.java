package dev.fairlead.core.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of Kubernetes' resolver, with every case of its own tests and some it leaves out. */
class KubernetesRequestTest {

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiterString = " | ",
      textBlock =
          """
          # method | target | verb | prefix | group | version | namespace | parts | subresource | name
          GET    | /api/v1/namespaces                     | list   | api | '' | v1 | ''    | namespaces       | '' | ''
          GET    | /api/v1/namespaces/other               | get    | api | '' | v1 | other | namespaces,other | '' | other
          GET    | /api/v1/namespaces/other/pods          | list   | api | '' | v1 | other | pods             | '' | ''
          GET    | /api/v1/namespaces/other/pods/foo      | get    | api | '' | v1 | other | pods,foo         | '' | foo
          HEAD   | /api/v1/namespaces/other/pods/foo      | get    | api | '' | v1 | other | pods,foo         | '' | foo
          GET    | /api/v1/pods                           | list   | api | '' | v1 | ''    | pods             | '' | ''
          HEAD   | /api/v1/pods                           | list   | api | '' | v1 | ''    | pods             | '' | ''
          GET    | /api/v1/pods/                          | list   | api | '' | v1 | ''    | pods             | '' | ''
          # verbs in the path
          GET    | /api/v1/proxy/namespaces/other/pods/foo | proxy | api | '' | v1 | other | pods,foo         | '' | foo
          GET    | /api/v1/proxy/namespaces/other/pods/foo/subpath/not/a/subresource | proxy | api | '' | v1 | other | pods,foo,subpath,not,a,subresource | '' | foo
          POST   | /api/v1/proxy/nodes/n1/run             | proxy  | api | '' | v1 | ''    | nodes,n1,run     | '' | n1
          GET    | /api/v1/watch/pods                     | watch  | api | '' | v1 | ''    | pods             | '' | ''
          DELETE | /api/v1/watch/pods                     | watch  | api | '' | v1 | ''    | pods             | '' | ''
          GET    | /api/v1/watch/namespaces/other/pods    | watch  | api | '' | v1 | other | pods             | '' | ''
          GET    | /api/v1/watch/namespaces               | watch  | api | '' | v1 | ''    | namespaces       | '' | ''
          GET    | /api/v1/watch/pods/foo/status          | watch  | api | '' | v1 | ''    | pods,foo,status  | status | foo
          # watch in the query
          GET    | /api/v1/pods?watch=true                | watch  | api | '' | v1 | ''    | pods             | '' | ''
          GET    | /api/v1/pods?watch=false               | list   | api | '' | v1 | ''    | pods             | '' | ''
          GET    | /api/v1/pods?watch=FALSE               | list   | api | '' | v1 | ''    | pods             | '' | ''
          GET    | /api/v1/namespaces/other/pods?watch=1  | watch  | api | '' | v1 | other | pods             | '' | ''
          GET    | /api/v1/namespaces/other/pods?watch=0  | list   | api | '' | v1 | other | pods             | '' | ''
          GET    | /api/v1/pods?watch=                    | watch  | api | '' | v1 | ''    | pods             | '' | ''
          GET    | /api/v1/pods?watch                     | watch  | api | '' | v1 | ''    | pods             | '' | ''
          GET    | /api/v1/pods?watch=no                  | watch  | api | '' | v1 | ''    | pods             | '' | ''
          GET    | /api/v1/pods?w%61tch=%31               | watch  | api | '' | v1 | ''    | pods             | '' | ''
          GET    | /api/v1/pods?watch=0&watch=1           | list   | api | '' | v1 | ''    | pods             | '' | ''
          GET    | /api/v1/pods?Watch=1                   | list   | api | '' | v1 | ''    | pods             | '' | ''
          HEAD   | /api/v1/pods?watch=1                   | watch  | api | '' | v1 | ''    | pods             | '' | ''
          GET    | /api/v1/pods?watch=1&limit=x           | watch  | api | '' | v1 | ''    | pods             | '' | ''
          GET    | /api/v1/namespaces/other/pods/foo?watch=1 | get | api | '' | v1 | other | pods,foo         | '' | foo
          # subresources
          GET    | /api/v1/namespaces/other/pods/foo/status | get  | api | '' | v1 | other | pods,foo,status  | status | foo
          GET    | /api/v1/namespaces/other/pods/foo/proxy/subpath | get | api | '' | v1 | other | pods,foo,proxy,subpath | proxy | foo
          PUT    | /api/v1/namespaces/other/finalize      | update | api | '' | v1 | other | namespaces,other,finalize | finalize | other
          PUT    | /api/v1/namespaces/other/status        | update | api | '' | v1 | other | namespaces,other,status | status | other
          GET    | /api/v1/namespaces/status              | get    | api | '' | v1 | status | namespaces,status | '' | status
          # verbs of methods
          PATCH  | /api/v1/namespaces/other/pods/foo      | patch  | api | '' | v1 | other | pods,foo         | '' | foo
          DELETE | /api/v1/namespaces/other/pods/foo      | delete | api | '' | v1 | other | pods,foo         | '' | foo
          POST   | /api/v1/namespaces/other/pods          | create | api | '' | v1 | other | pods             | '' | ''
          DELETE | /api/v1/nodes                          | deletecollection | api | '' | v1 | '' | nodes      | '' | ''
          DELETE | /api/v1/namespaces                     | deletecollection | api | '' | v1 | '' | namespaces | '' | ''
          DELETE | /api/v1/namespaces/other/pods          | deletecollection | api | '' | v1 | other | pods    | '' | ''
          # groups and versions
          DELETE | /apis/extensions/v1/namespaces/other/pods | deletecollection | apis | extensions | v1 | other | pods | '' | ''
          POST   | /apis/extensions/v1/namespaces/other/pods | create | apis | extensions | v1 | other | pods | '' | ''
          POST   | /apis/extensions/v1beta3/namespaces/other/pods | create | apis | extensions | v1beta3 | other | pods | '' | ''
          GET    | /api/version/resource                  | list   | api | '' | version | '' | resource        | '' | ''
          GET    | /api/version/resource/name/subresource | get    | api | '' | version | '' | resource,name,subresource | subresource | name
          GET    | /apis/group/version/resource/name/subresource | get | apis | group | version | '' | resource,name,subresource | subresource | name
          GET    | /apis/batch/v1/job                     | list   | apis | batch | v1 | '' | job             | '' | ''
          GET    | /apis/batch/v1/job/foo                 | get    | apis | batch | v1 | '' | job,foo         | '' | foo
          GET    | /apis/batch/v1/job/foo/scale           | get    | apis | batch | v1 | '' | job,foo,scale   | scale | foo
          GET    | /apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode | get | apis | rbac.authorization.k8s.io | v1 | '' | clusterroles,system:node | '' | system:node
          """)
  void resourceRequestIsReadAsKubernetesDoes(
      String method,
      String target,
      String verb,
      String prefix,
      String group,
      String version,
      String namespace,
      String parts,
      String subresource,
      String name) {
    KubernetesRequest request = read(method, target);
    assertThat(request.info().isResourceRequest()).isTrue();
    assertThat(request.info().verb()).isEqualTo(verb);
    assertThat(request.apiPrefix()).isEqualTo(prefix);
    assertThat(request.info().apiGroup()).isEqualTo(group);
    assertThat(request.info().apiVersion()).isEqualTo(version);
    assertThat(request.info().namespace()).isEqualTo(namespace);
    assertThat(request.parts()).containsExactly(parts.split(","));
    assertThat(request.info().resource()).isEqualTo(parts.split(",")[0]);
    assertThat(request.info().subresource()).isEqualTo(subresource);
    assertThat(request.info().name()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/api",
        "/api/version",
        "/api/version/",
        "/apis",
        "/apis/group",
        "/apis/group/version/",
        "/apis/version/resource",
        "/apis/extensions/v1beta1",
        "/apis/extensions/v1beta1/",
        "/badprefix/version/resource",
        "/not-api/version/resource",
        "/API/v1/pods",
        "/healthz",
        "/openapi/v3/apis/apps/v1",
      })
  void otherPathsAreNoResourceRequests(String target) {
    KubernetesRequest request = read("GET", target);
    assertThat(request.info().isResourceRequest()).isFalse();
    assertThat(request.info().verb()).isEqualTo("get");
    assertThat(request.info().path()).isEqualTo(target);
    assertThat(request.info().resource()).isEmpty();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiterString = " | ",
      textBlock =
          """
          # method | resource and query | verb | name | field selector | label selector
          GET    | resource                                                        | list   | ''    | ''                      | ''
          GET    | resource?fieldSelector=metadata.name=name1                      | list   | name1 | metadata.name=name1     | ''
          GET    | resource?watch=true&fieldSelector=metadata.name=name1           | watch  | name1 | metadata.name=name1     | ''
          GET    | resource?fieldSelector=foo=bar&labelSelector=baz=qux            | list   | ''    | foo=bar                 | baz=qux
          GET    | resource?fieldSelector=metadata.name=name1,foo                  | list   | ''    | metadata.name=name1,foo | ''
          GET    | resource?fieldSelector=metadata.name=name1,foo&watch=true       | watch  | ''    | metadata.name=name1,foo | ''
          GET    | resource?fieldSelector=metadata.name=name1,foo&watch=false      | list   | ''    | metadata.name=name1,foo | ''
          DELETE | resource?fieldSelector=foo=bar&labelSelector=baz=qux            | deletecollection | '' | foo=bar          | baz=qux
          DELETE | resource?fieldSelector=metadata.name=foo                        | deletecollection | '' | metadata.name=foo | ''
          GET    | resource?fieldSelector=metadata.name=foo&fieldSelector=metadata.name=bar&labelSelector=foo=bar&labelSelector=foo=baz | list | foo | metadata.name=foo | foo=bar
          GET    | resource/name?fieldSelector=foo=bar&labelSelector=foo=bar       | get    | name  | ''                      | ''
          GET    | watch/resource?fieldSelector=metadata.name=foo&labelSelector=foo=bar | watch | '' | ''                    | ''
          GET    | watch/resource/name?fieldSelector=metadata.name=foo&labelSelector=foo=bar | watch | name | ''             | ''
          # what a selector may look like
          GET    | resource?fieldSelector=metadata.name%3D%3Dfoo                   | list   | foo   | metadata.name==foo      | ''
          GET    | resource?fieldSelector=a!=b,metadata.name=foo                   | list   | foo   | a!=b,metadata.name=foo  | ''
          GET    | resource?fieldSelector=metadata.name!=foo                       | list   | ''    | metadata.name!=foo      | ''
          GET    | resource?fieldSelector=metadata.name=b,metadata.name=a          | list   | a     | metadata.name=b,metadata.name=a | ''
          GET    | resource?fieldSelector=metadata.name=a%5C,b                     | list   | a,b   | metadata.name=a\\,b     | ''
          GET    | resource?fieldSelector=metadata.name=a%5Cx                      | list   | ''    | metadata.name=a\\x      | ''
          GET    | resource?fieldSelector=metadata.name=a%5C                       | list   | ''    | metadata.name=a\\       | ''
          GET    | resource?fieldSelector=metadata.name=a=b                        | list   | ''    | metadata.name=a=b       | ''
          GET    | resource?fieldSelector=metadata.name=..                         | list   | ''    | metadata.name=..        | ''
          GET    | resource?fieldSelector=metadata.name=a/b                        | list   | ''    | metadata.name=a/b       | ''
          GET    | resource?fieldSelector=metadata.name=a%2525                     | list   | ''    | metadata.name=a%25      | ''
          GET    | resource?fieldSelector=metadata.name=                           | list   | ''    | metadata.name=          | ''
          # any parameter that does not decode leaves the name empty
          GET    | resource?fieldSelector=metadata.name=a&limit=x                  | list   | ''    | metadata.name=a         | ''
          GET    | resource?fieldSelector=metadata.name=a&limit=                   | list   | ''    | metadata.name=a         | ''
          GET    | resource?fieldSelector=metadata.name=a&limit=5&timeoutSeconds=-3 | list  | a     | metadata.name=a         | ''
          GET    | resource?fieldSelector=metadata.name=a&timeoutSeconds=1.5       | list   | ''    | metadata.name=a         | ''
          GET    | resource?fieldSelector=metadata.name=a&labelSelector=x=((       | list   | ''    | metadata.name=a         | x=((
          GET    | resource?fieldSelector=metadata.name=a&labelSelector=            | list  | a     | metadata.name=a         | ''
          GET    | resource?fieldSelector=metadata.name=a&labelSelector=a/b+in+(c,d),!e,f!=g,h | list | a | metadata.name=a  | a/b in (c,d),!e,f!=g,h
          GET    | resource?fieldSelector=metadata.name=a&labelSelector=a>1,b+in+(,,c),in=notin | list | a | metadata.name=a  | a>1,b in (,,c),in=notin
          GET    | resource?fieldSelector=metadata.name=a&labelSelector=a>b        | list   | ''    | metadata.name=a         | a>b
          GET    | resource?fieldSelector=metadata.name=a&labelSelector=a+in+()    | list   | ''    | metadata.name=a         | a in ()
          GET    | resource?fieldSelector=metadata.name=a&labelSelector=-a=b       | list   | ''    | metadata.name=a         | -a=b
          """)
  void selectorsAndTheNameTheyDemand(
      String method, String path, String verb, String name, String fields, String labels) {
    KubernetesRequest request = read(method, "/apis/group/version/" + path);
    assertThat(request.info().verb()).isEqualTo(verb);
    assertThat(request.info().name()).isEqualTo(name);
    assertThat(request.fieldSelector()).isEqualTo(fields.replace("\\\\", "\\"));
    assertThat(request.labelSelector()).isEqualTo(labels);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/namespaces/x/pods/p/exec?command=ls, create",
    "POST, /api/v1/namespaces/x/pods/p/exec, create",
    "GET, /api/v1/namespaces/x/pods/p/attach, create",
    "GET, /api/v1/namespaces/x/pods/p/portforward, create",
    "PUT, /api/v1/namespaces/x/pods/p/exec, create",
    "GET, /api/v1/watch/namespaces/x/pods/p/exec, create",
    "GET, /api/v1/nodes/n/proxy/run, create",
    "GET, /api/v1/nodes/n/proxy, create",
    "DELETE, /api/v1/nodes/n/proxy/x, create",
    "GET, /api/v1/namespaces/x/pods/p/proxy, get",
    "GET, /api/v1/namespaces/x/services/s/proxy/a, get",
    "POST, /api/v1/namespaces/x/services/s/proxy/a, create",
    "GET, /api/v1/namespaces/x/pods/p/log, get",
    "GET, /apis/other/v1/namespaces/x/pods/p/exec, get",
    "GET, /api/v1/namespaces/x/pods/exec, get",
    "GET, /api/v1/proxy/nodes/n/run, proxy",
    "GET, /exec, get",
  })
  void whatReachesIntoAPodOrNodeNeedsCreate(String method, String target, String verb) {
    KubernetesRequest request = read(method, target);
    assertThat(request.forAuthorization().verb()).isEqualTo(verb);
    assertThat(request.forAuthorization().resourcePath()).isEqualTo(request.info().resourcePath());
    assertThat(request.forAuthorization().name()).isEqualTo(request.info().name());
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/pods?watch=1, true",
    "/api/v1/watch/pods, true",
    "/api/v1/proxy/nodes/n, true",
    "/api/v1/namespaces/x/pods/p/exec, true",
    "/api/v1/namespaces/x/pods/p/attach, true",
    "/api/v1/namespaces/x/pods/p/portforward, true",
    "/api/v1/namespaces/x/pods/p/log, true",
    "/api/v1/namespaces/x/pods/p/log?follow=true, true",
    "/api/v1/namespaces/x/services/s/proxy/a, true",
    "/debug/pprof/profile, true",
    "/api/v1/pods, false",
    "/api/v1/namespaces/x/pods/exec, false",
    "/api/v1/namespaces/x/pods/p/status, false",
    "/version?watch=1, false",
  })
  void longRunningRequestsHaveNoDeadline(String target, boolean longRunning) {
    assertThat(read("GET", target).isLongRunning()).isEqualTo(longRunning);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONNECT", "TRACE", "get", "Get", "PROPFIND", "", "GET ", "G\r\nT", "*"})
  void unknownMethodIsNotAllowed(String method) {
    assertThat(refusal(method, "/api/v1/pods")).isEqualTo(405);
    assertThat(refusal(method, "/healthz")).isEqualTo(405);
  }

  @Test
  void optionsIsServedForNonResourcePathsOnly() {
    assertThat(read("OPTIONS", "/healthz").info().verb()).isEqualTo("options");
    assertThat(refusal("OPTIONS", "/api/v1/pods")).isEqualTo(405);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/watch", "/api/v1/proxy/", "/apis/g/v1/watch"})
  void verbInThePathNeedsAResource(String target) {
    assertThat(refusal("GET", target)).isEqualTo(400);
  }

  @Test
  void nameThatIsNotUtf8IsRefusedWhereItIsDemanded() {
    assertThat(refusal("GET", "/api/v1/pods?fieldSelector=metadata.name=%FF")).isEqualTo(400);
    assertThat(read("GET", "/api/v1/pods/a?fieldSelector=metadata.name=%FF").info().name())
        .isEqualTo("a");
  }

  private static KubernetesRequest read(String method, String target) {
    return KubernetesRequest.of(method, RequestTarget.parse(target));
  }

  private static int refusal(String method, String target) {
    return catchThrowableOfType(RefusedRequestException.class, () -> read(method, target)).code();
  }
}
