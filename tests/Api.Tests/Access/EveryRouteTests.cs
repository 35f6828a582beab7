using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Access;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Access;

/// <summary>Walks the route table: a new route without a scope fails here.</summary>
public sealed class EveryRouteTests(KeyedService keyed, ClosedService closed) : IClassFixture<KeyedService>, IClassFixture<ClosedService>
{
    // They compute from the request and change nothing that is stored, so mode Keys leaves them open.
    private static readonly string[] Questions =
        ["/v1/relocations", "/v1/minimal-btf", "/v1/bundles", "/v1/compatibility", "/v1/diagnoses", "/api/v1/customize"];

    [Fact]
    public void Every_route_says_what_a_key_must_allow()
    {
        Assert.True(Routes(keyed).Count >= 20, $"{Routes(keyed).Count} routes");
        foreach (var route in Routes(keyed))
        {
            var access = route.Metadata.GetMetadata<RouteAccess>();
            Assert.True(access is not null, $"{route.DisplayName} has no scope");
            Assert.True(IsApi(route) == (access.Scope != Scope.None), $"{route.DisplayName} needs {access.Scope}");
            Assert.True(Methods(route).All(IsReading) || access.Scope != Scope.Read, $"{route.DisplayName} writes with the scope to read");
        }
    }

    [Fact]
    public async Task Nobody_without_a_key_can_write()
    {
        var refused = 0;
        foreach (var (route, method) in Requests(keyed)
            .Where(r => !IsReading(r.Method) && !Questions.Contains(r.Route.RoutePattern.RawText)))
        {
            foreach (var key in new[] { null, "", "wrong" })
            {
                using var answer = await SendAsync(keyed, method, route, key);
                Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden,
                    $"{method} {route.RoutePattern.RawText} with key '{key}': {answer.StatusCode}");
                refused++;
            }
        }

        Assert.True(refused >= 4 * 3, $"{refused} requests");
    }

    [Fact]
    public async Task Nobody_without_a_key_can_do_anything_under_v1_in_mode_KeysForAll()
    {
        foreach (var (route, method) in Requests(closed))
        {
            using var answer = await SendAsync(closed, method, route, key: null);
            Assert.True((answer.StatusCode == HttpStatusCode.Unauthorized) == IsApi(route),
                $"{method} {route.RoutePattern.RawText}: {answer.StatusCode}");
        }
    }

    private static List<RouteEndpoint> Routes(ServiceHost service) =>
        [.. service.Services.GetRequiredService<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>()];

    private static List<(RouteEndpoint Route, string Method)> Requests(ServiceHost service) =>
        [.. Routes(service).SelectMany(route => Methods(route).Select(method => (route, method)))];

    private static IReadOnlyList<string> Methods(RouteEndpoint route) =>
        route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"];

    private static bool IsReading(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    private static bool IsApi(RouteEndpoint route) => route.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal)
        || route.RoutePattern.RawText.StartsWith("/api/", StringComparison.Ordinal);

    private static async Task<HttpResponseMessage> SendAsync(ServiceHost service, string method, RouteEndpoint route, string? key)
    {
        // Any value: the caller is checked first.
        var address = string.Join('/',
            route.RoutePattern.PathSegments.Select(
                s => s.Parts[0] is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : "x"));
        using var request = new HttpRequestMessage(new HttpMethod(method), $"/{address}?kernel={Samples.NewKernel}");
        if (!IsReading(method)) request.Content = Answers.Body(Samples.Object);
        if (key is not null) request.Headers.TryAddWithoutValidation("X-Api-Key", key);
        return await service.Http.SendAsync(request);
    }
}
