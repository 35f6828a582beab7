using System.Text.RegularExpressions;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Ops;

public sealed partial class PageTests(Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Page_and_all_it_loads_come_from_this_service()
    {
        using var answer = await service.Http.GetAsync("/");
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
        var page = await answer.Content.ReadAsStringAsync();
        var parts = Loaded().Matches(page).Select(m => m.Groups[1].Value).Where(p => !p.StartsWith("data:", StringComparison.Ordinal)).ToList();
        Assert.Contains("app.js", parts);
        Assert.All(parts, part => Assert.DoesNotContain("//", part, StringComparison.Ordinal));
        foreach (var part in parts) Assert.True((await service.Http.GetAsync("/" + part)).IsSuccessStatusCode, part);
    }

    [Fact]
    public async Task Sample_is_the_object_of_the_tests()
        => Assert.Equal(Samples.Object, await service.Http.GetByteArrayAsync(new Uri("/samples/runqslower-mini.bpf.o", UriKind.Relative)));

    [Theory]
    [InlineData("/samples/runqslower-mini.bpf.c", "text/plain")]
    [InlineData("/samples/README.md", "text/plain")]
    [InlineData("/samples/kernels/" + Samples.NewKernel + ".btf", "application/octet-stream")]
    public async Task Sources_are_shown_and_binaries_are_saved(string path, string type)
        => Assert.Equal(type, (await service.Http.GetAsync(path)).Content.Headers.ContentType?.MediaType);

    [GeneratedRegex("(?:href|src)=\"([^\"#]+)\"")]
    private static partial Regex Loaded();
}
