using System.Net;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Faults;

/// <summary>The clock jumps back or forward by years: retention and change detection still work.</summary>
public sealed class ClockTests
{
    public static TheoryData<int> Days => [-3650, -1, 1, 3650];

    [Theory]
    [MemberData(nameof(Days))]
    public async Task Answers_of_a_moment_ago_are_neither_kept_for_years_nor_wrong(int days)
    {
        using var service = new ClockedService();
        await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
        var route = $"/v1/relocated/tracer?kernel={Samples.NewKernel}";
        using var before = await service.Http.GetAsync(route);
        service.Clock.Advance(TimeSpan.FromDays(days));
        using var after = await service.Http.GetAsync(route);
        Assert.Equal(await before.Content.ReadAsByteArrayAsync(), await after.Content.ReadAsByteArrayAsync());
        using var unchanged = new HttpRequestMessage(HttpMethod.Get, route);
        unchanged.Headers.IfNoneMatch.Add(before.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await service.Http.SendAsync(unchanged)).StatusCode);

        // A new object under the tag is visible immediately, whatever the clock says.
        await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body([.. Samples.Object, 1]));
        using var changed = new HttpRequestMessage(HttpMethod.Get, route);
        changed.Headers.IfNoneMatch.Add(before.Headers.ETag!);
        using var answer = await service.Http.SendAsync(changed);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.NotEqual(before.Headers.ETag, answer.Headers.ETag);
        Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync("/healthz/ready")).StatusCode);
    }

    [Theory]
    [MemberData(nameof(Days))]
    public async Task Objects_with_a_tag_stay_and_the_list_goes_on(int days)
    {
        using var service = new ClockedService();
        await service.Http.PostAsync("/v1/objects?name=old", Answers.Body(Samples.Object));
        service.Clock.Advance(TimeSpan.FromDays(days));
        await service.Http.PostAsync("/v1/objects?name=new", Answers.Body([.. Samples.Object, 1]));
        service.Clock.Advance(Relo.Api.Ops.ObjectCleaner.Every);
        foreach (var tag in new[] { "old", "new" })
            Assert.Equal(HttpStatusCode.OK, (await service.Http.GetAsync($"/v1/objects/{tag}/file")).StatusCode);
        var first = await (await service.Http.GetAsync("/v1/objects?limit=1")).JsonAsync();
        var second = await (await service.Http.GetAsync($"/v1/objects?limit=1&after={Uri.EscapeDataString((string)first["next"]!)}"))
            .JsonAsync();
        Assert.Equal(2, first["items"]!.AsArray().Concat(second["items"]!.AsArray()).Select(i => (string?)i!["url"]).Distinct().Count());
    }
}
