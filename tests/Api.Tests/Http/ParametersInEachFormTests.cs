using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Relo.Api.Http.Answers;
using Relo.Api.Http.Parameters;
using Relo.Api.Http.Uploads;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Http;

/// <summary>Nothing the client wrote is ignored: in each media type of a response, a parameter has an effect or is refused.</summary>
public sealed class ParametersInEachFormTests : IDisposable
{
    private readonly KeyFile _key = TestKeys.InFile();
    private readonly ServiceHost _service = new(root: null), _signing;

    public ParametersInEachFormTests() => _signing = new(root: null, ("Signing:KeyFile", _key.Path));

    private const string Tag = "forms";

    private static readonly byte[] Log = "libbpf: prog 'f': failed to find kernel BTF type ID of 'x': -3\n"u8.ToArray();

    /// <summary>For each parameter, a value that changes the response to a request without it.</summary>
    private static readonly Dictionary<string, string> Values = new(StringComparer.Ordinal)
    {
        ["object"] = Tag,
        ["name"] = "renamed.bpf.o",
        ["failOn"] = "poisoned",
        ["include"] = "object",
        ["fields"] = "summary",
        ["relocationsLimit"] = "1",
        ["relocationsAfter"] = "1",
        ["arch"] = "arm64",
        ["distro"] = "none",
        ["version"] = "none",
        ["release"] = "none*",
        ["kernel"] = "5.10.0-none",
        ["kind"] = "union",
        ["module"] = "none",
        ["limit"] = "1",
        ["after"] = "1",
        ["from"] = "5.10.0-none",
        ["to"] = "5.10.0-none",
    };

    [Fact]
    public async Task Each_parameter_has_an_effect_in_each_form_or_is_refused()
    {
        foreach (var host in new[] { _service, _signing })
        {
            using var added = await host.Http.PostAsync($"/v1/objects?name={Tag}", Answers.Body(Samples.Object), Stop);
            Assert.True(added.IsSuccessStatusCode);
        }

        var (ignored, tried) = (new List<string>(), 0);
        foreach (var (route, parameters, forms) in Routes())
        {
            foreach (var form in forms)
            {
                var query = QueryOf(route, parameters, form);
                var without = await AskAsync(route, form, query);
                Assert.StartsWith("200 ", without, StringComparison.Ordinal);
                Assert.Equal(without, await AskAsync(route, form, query));
                foreach (var parameter in parameters)
                {
                    Assert.True(Values.TryGetValue(parameter, out var value), $"{route.RoutePattern.RawText} has {parameter}: add a value");
                    tried++;
                    if (await AskAsync(route, form, new(query) { [parameter] = value }) == without)
                        ignored.Add($"{MethodOf(route)} {route.RoutePattern.RawText} with Accept: {form} ignores {parameter}");
                }
            }
        }

        Assert.Empty(ignored);
        Assert.True(tried > 80, $"{tried}");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private IEnumerable<(RouteEndpoint Route, List<string> Parameters, IReadOnlyList<string> Forms)> Routes() =>
        from route in _service.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        let forms = route.Metadata.GetMetadata<OfferedForms>()?.MediaTypes
        let parameters = route.Metadata.GetMetadata<RouteParameters>()?.All.Select(parameter => parameter.Name).ToList()
        where forms is { Count: > 1 } && parameters is { Count: > 0 }
        select (route, parameters, forms);

    // What a request must name. Minimal BTF is gzip for many kernels and raw for one.
    private static Dictionary<string, string> QueryOf(RouteEndpoint route, List<string> parameters, string form)
    {
        var query = new Dictionary<string, string>(StringComparer.Ordinal);
        if (parameters.Contains("from")) (query["from"], query["to"]) = (Samples.OldKernel, Samples.NewKernel);
        else if (route.RoutePattern.RawText!.EndsWith("minimal-btf", StringComparison.Ordinal) && form == "application/gzip")
            query["release"] = "5.1*";
        else if (parameters.Contains("kernel")) query["kernel"] = Samples.NewKernel;
        return query;
    }

    private static string MethodOf(RouteEndpoint route) => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];

    private static string PathOf(RouteEndpoint route) => route.RoutePattern.RawText!
        .Replace("{ref}", Tag, StringComparison.Ordinal)
        .Replace("{objectDigest}", Samples.ObjectDigest.Hex, StringComparison.Ordinal)
        .Replace("{btfDigest}", Core.Bytes.Digest.Of(Samples.NewBtf).Hex, StringComparison.Ordinal)
        .Replace("{name}", "task_struct", StringComparison.Ordinal);

    /// <summary>The status, what a client sees of the headers, and the body.</summary>
    private async Task<string> AskAsync(RouteEndpoint route, string form, Dictionary<string, string> query)
    {
        using var request = new HttpRequestMessage(
            new(MethodOf(route)), new Uri(PathOf(route) + QueryString.Create(query!), UriKind.Relative)).Accepting(form);
        if (request.Method == HttpMethod.Post) request.Content = BodyOf(route);
        // Only the service with a key signs; what it signs differs each time.
        var host = route.RoutePattern.RawText!.EndsWith("attestation", StringComparison.Ordinal) ? _signing : _service;
        using var answer = await host.Http.SendAsync(request, Stop);
        var body = Encoding.Latin1.GetString(await answer.Content.ReadAsByteArrayAsync(Stop));
        body = Regex.Replace(body, "\"sig(nature)?\": ?\"[^\"]*\"", "");
        if (form == "application/x-ndjson") body = string.Join('\n', body.Split('\n').Order(StringComparer.Ordinal));
        return $"{(int)answer.StatusCode} {answer.Header("Content-Disposition")} {answer.Header("Link")}\n{body}";
    }

    private static HttpContent BodyOf(RouteEndpoint route)
    {
        if (route.Metadata.GetMetadata<TakenUpload>()!.Upload != Upload.ObjectAndLog) return Answers.Body(Samples.Object);
        return new MultipartFormDataContent
        {
            { Answers.Body(Samples.Object), "object", "tracer.bpf.o" },
            { new ByteArrayContent(Log) { Headers = { ContentType = new MediaTypeHeaderValue("text/plain") } }, "log", "load.log" },
        };
    }

    public void Dispose()
    {
        _signing.Dispose();
        _service.Dispose();
        _key.Dispose();
    }
}
