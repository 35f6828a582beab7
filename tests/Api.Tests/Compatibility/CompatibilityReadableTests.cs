using System.Net;
using Relo.Api.Tests.Fixtures;

namespace Relo.Api.Tests.Compatibility;

public sealed class CompatibilityReadableTests : IDisposable
{
    private readonly ServiceHost _service = new(root: null);

    private HttpClient Http => _service.Http;

    [Theory]
    [InlineData("text/plain", "BROKEN on 1, GUARDED on ")]
    [InlineData("text/markdown", "### BROKEN on 1, GUARDED on ")]
    public async Task Many_kernels_have_a_report_for_people(string form, string expected)
    {
        await Question.AddAsync(Http, "bbb", MadeUpBtf.WithoutPid());
        using var answer = await Question.AskAsync(Http, "name=a.bpf.o", form);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal((HttpStatusCode.OK, form), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.StartsWith(expected, text, StringComparison.Ordinal);
        Assert.Contains("struct task_struct.pid", text, StringComparison.Ordinal);
        Assert.Contains("bbb/1/x86_64/6.6.6", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/markdown")]
    public async Task A_gate_that_stops_sends_the_same_report_with_its_reason(string form)
    {
        await Question.AddAsync(Http, "bbb", MadeUpBtf.WithoutPid());
        using var passed = await Question.AskAsync(Http, "distro=bbb", form);
        using var stopped = await Question.AskAsync(Http, "distro=bbb&failOn=broken", form);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity), (passed.StatusCode, stopped.StatusCode));
        Assert.Equal(form, stopped.Content.Headers.ContentType?.MediaType);
        var (before, after) = (await passed.Content.ReadAsStringAsync(), await stopped.Content.ReadAsStringAsync());
        Assert.Contains("failOn", after, StringComparison.Ordinal);
        Assert.Equal(before.Split("Missing")[1], after.Split("Missing")[1]);
    }

    public void Dispose() => _service.Dispose();
}
