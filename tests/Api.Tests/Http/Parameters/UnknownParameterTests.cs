using System.Net;
using Relo.Api.Tests.Fixtures;
using Relo.Api.Tests.OpenApi;

namespace Relo.Api.Tests.Http.Parameters;

/// <summary>Nothing that a client wrote is ignored (api.md, "Rules for every route").</summary>
public sealed class UnknownParameterTests(Service service) : IClassFixture<Service>
{
    private const string Route = "/v1/relocations";

    [Fact]
    public async Task Every_operation_under_v1_refuses_a_parameter_it_does_not_have_and_lists_those_it_has()
    {
        var asked = 0;
        foreach (var (path, method, operation) in (await OpenApiTests.OperationsAsync(service.Http))
            .Where(o => o.Path.StartsWith("/v1/", StringComparison.Ordinal)))
        {
            using var request = new HttpRequestMessage(
                new HttpMethod(method.ToUpperInvariant()), path.Replace('{', 'x').Replace('}', 'x') + "?no-such-thing=1");
            if (method == "post") request.Content = Answers.Body(Samples.Object);
            using var answer = await service.Http.SendAsync(request);
            var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, "unknown-parameter");
            var documented = operation["parameters"]?.AsArray().Where(p => (string?)p!["in"] == "query").Select(p => (string)p!["name"]!)
                ?? [];
            Assert.Equal("no-such-thing", (string?)problem["parameter"]);
            Assert.Equal(documented.Order(StringComparer.Ordinal),
                problem["known"]!.AsArray().Select(k => (string)k!).Order(StringComparer.Ordinal));
            Assert.Null(problem["didYouMean"]);
            asked++;
        }

        Assert.True(asked >= 18, $"{asked} operations");
    }

    [Theory]
    [InlineData("distor=debian", "distro")]
    [InlineData("Fail_On=broken", "failOn")]
    [InlineData("fail-on=broken", "failOn")]
    [InlineData("architecture=x86_64", "arch")]
    [InlineData("distribution=debian", "distro")]
    [InlineData("kernels=5.4", "kernel")]
    [InlineData("includ=object", "include")]
    [InlineData("zzz=1", null)]
    public async Task Refusal_says_what_was_meant_where_a_parameter_is_close(string query, string? meant)
    {
        using var answer = await service.Http.PostAsync($"{Route}?{query}", Answers.Body(Samples.Object));
        var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, "unknown-parameter");
        Assert.Equal(meant, (string?)problem["didYouMean"]);
    }

    [Theory]
    [InlineData("KERNEL")] // names are bound without regard to case
    [InlineData("kernel")]
    public async Task Parameter_is_known_in_upper_and_lower_case(string name)
        => Assert.Equal(HttpStatusCode.OK,
            (await service.Http.PostAsync($"{Route}?{name}={Samples.NewKernel}", Answers.Body(Samples.Object))).StatusCode);

    [Theory]
    [InlineData("kernel=a&kernel=a", "kernel")]
    [InlineData("failOn=broken&FAILON=poisoned", "failOn")]
    [InlineData("arch=x86_64&kernel=a&arch=arm64", "arch")]
    public async Task Parameter_that_is_given_twice_is_refused(string query, string parameter)
    {
        using var answer = await service.Http.PostAsync($"{Route}?{query}", Answers.Body(Samples.Object));
        Assert.Equal(parameter, (string?)(await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter"))["parameter"]);
    }

    [Theory]
    [InlineData("/v1/kernels?limit=ten", "limit")]
    [InlineData("/v1/kernels?limit=", "limit")]
    [InlineData("/v1/objects?limit=1.5", "limit")]
    public async Task Value_that_is_no_number_where_one_is_expected_is_an_invalid_parameter(string address, string parameter)
        => Assert.Equal(parameter,
            (string?)(await (await service.Http.GetAsync(address))
                .ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter"))["parameter"]);

    [Fact]
    public async Task Word_that_is_none_says_which_was_meant()
    {
        using var answer = await service.Http.PostAsync($"{Route}?kernel={Samples.NewKernel}&failOn=brokn", Answers.Body(Samples.Object));
        var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-parameter");
        Assert.Equal(("failOn", "broken"), ((string?)problem["parameter"], (string?)problem["didYouMean"]));
    }

    [Fact]
    public async Task Words_of_a_parameter_are_an_enum_of_the_document()
    {
        var operation = (await OpenApiTests.OperationsAsync(service.Http)).Single(o => o.Path == Route && o.Method == "post").Operation;
        var failOn = operation["parameters"]!.AsArray().Single(p => (string?)p!["name"] == "failOn")!;
        Assert.Contains("broken", failOn["schema"]!["items"]!["enum"]!.AsArray().Select(v => (string)v!));
    }

    [Theory]
    [InlineData("/fetch.sh?server=x")]
    [InlineData("/problems?code=x")]
    [InlineData("/problems/kernel-not-found?lang=de")]
    public async Task Routes_for_everybody_are_as_strict(string address)
        => await (await service.Http.GetAsync(address)).ProblemAsync(HttpStatusCode.BadRequest, "unknown-parameter");

    [Theory]
    [InlineData("/healthz/live?verbose")] // probes add theirs
    [InlineData("/healthz/ready?x=1")]
    [InlineData("/metrics?x=1")]
    [InlineData("/?utm_source=x")]
    [InlineData("/openapi/v1.json?v=2")]
    [InlineData("/api/v1/list?anything=1")] // btfhub-online ignored what it did not know
    public async Task Addresses_whose_form_is_that_of_others_take_any_query(string address)
        => Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync(address)).StatusCode);

}
