using Relo.Api.Tests.Fixtures;
using Relo.Browser.Fixtures;

namespace Relo.Browser;

/// <summary>Swagger UI, as a new user would use it.</summary>
public sealed class SwaggerTests(Chromium chromium, Service service) : IClassFixture<Service>
{
    [Fact]
    public async Task Sample_is_uploaded_from_the_UI_and_the_report_is_shown()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync("/swagger/index.html");
        await Assertions.Expect(page.Locator("#operations-relocations-relocate")).ToBeVisibleAsync();
        await Looks.CheckTextAsync(visit, "swagger");
        var operation = page.Locator("#operations-relocations-relocate");
        await operation.Locator(".opblock-summary-control").ClickAsync();
        await operation.Locator("tr", new() { HasText = "kernel" }).First.Locator("input").FillAsync("5.11.0-syscall-work");
        await operation.Locator("input[type=file]")
            .SetInputFilesAsync(
                new FilePayload { Name = "runqslower-mini.bpf.o", MimeType = "application/octet-stream", Buffer = Samples.Object });
        await operation.Locator("button.execute").ClickAsync();
        var answer = operation.Locator(".live-responses-table .response");
        await Assertions.Expect(answer.Locator(".response-col_status").First).ToContainTextAsync("200");
        await Assertions.Expect(answer).ToContainTextAsync("\"verdict\": \"guarded\"");
        await Looks.CheckTextAsync(visit, "swagger-tried");
    }

    [Fact]
    public async Task A_key_that_is_entered_is_sent()
    {
        using var closed = new ServiceHost(root: null, ("Access:Mode", "Keys"), ("Access:Keys:ci", "open-sesame-0123456789"));
        await using var visit = await Visit.BeginAsync(chromium, closed.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync("/swagger/index.html");
        // What reads needs no key here.
        await Assertions.Expect(page.Locator("#operations-objects-deleteObject .authorization__btn")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("#operations-types-searchTypes .authorization__btn")).ToHaveCountAsync(0);
        await page.Locator(".auth-wrapper .authorize").First.ClickAsync();
        await page.Locator(".auth-container input").FillAsync("open-sesame-0123456789");
        await page.Locator(".modal-btn.authorize").ClickAsync();
        await page.Locator(".modal-btn.btn-done").ClickAsync();
        var operation = page.Locator("#operations-objects-deleteObject");
        await operation.Locator(".opblock-summary-control").ClickAsync();
        await operation.Locator("input[placeholder=ref]").FillAsync("nothing-here");
        var sent = await page.RunAndWaitForRequestAsync(() => operation.Locator("button.execute").ClickAsync(), r => r.Method == "DELETE");
        Assert.Equal("open-sesame-0123456789", (await sent.AllHeadersAsync())["x-api-key"]);
        await Assertions.Expect(operation.Locator(".live-responses-table")).ToContainTextAsync("object-not-found");
    }

    [Fact]
    public async Task An_open_service_has_no_locks_and_words_are_choices()
    {
        await using var visit = await Visit.BeginAsync(chromium, service.Http.BaseAddress!);
        var page = visit.Page;
        await visit.GoAsync("/swagger/index.html");
        await Assertions.Expect(page.Locator("#operations-types-describeType")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".authorization__btn, .auth-wrapper .authorize")).ToHaveCountAsync(0);
        var operation = page.Locator("#operations-types-describeType");
        await operation.Locator(".opblock-summary-control").ClickAsync();
        var kind = operation.Locator("tr[data-param-name=kind] select");
        await Assertions.Expect(kind.Locator("option")).ToHaveTextAsync(["--", "struct", "union", "enum", "typedef", "int", "float", "func", "var"]);
        await Looks.CheckTextAsync(visit, "swagger-words");
    }
}
