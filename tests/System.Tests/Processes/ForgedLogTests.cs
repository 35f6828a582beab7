using System.Text.Json.Nodes;
using Relo.Api.Tests.Fixtures;

namespace Relo.SystemTests.Processes;

/// <summary>Requests and files whose names contain characters that would forge a log line or control the terminal.</summary>
public sealed class ForgedLogTests : IDisposable
{
    // A line break with a line of its own, ESC, BEL, NEL, CSI, line and paragraph separators, bidirectional controls, a zero-width space,
    // DEL.
    private const string Evil =
        "x\n12:00:00.000 INF forged\r\t\u001b]0;pwned\u0007\u0085\u009b31m\u2028\u2029\u202e\u2066\u061c\u200b\u007f";

    private readonly string _root = Directory.CreateTempSubdirectory("relo-forged-").FullName;

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public async Task Nothing_in_a_request_breaks_its_line(string format)
    {
        using var running = await RunningProgram.StartAsync(
            _root, environment: null, $"--Log:Format={format}", "--Serilog:MinimumLevel:Override:Microsoft.AspNetCore=Information");
        var evil = Uri.EscapeDataString(Evil);
        foreach (var address in new[]
        {
            $"/{evil}", $"/v1/objects/{evil}", $"/v1/kernels?q={evil}", $"/v1/kernels/resolve?kernel={evil}", $"/v1/kernels?{evil}=1",
            $"/v1/btf/{evil}", $"/problems/{evil}",
        })
            await running.Http.GetAsync(address, TestContext.Current.CancellationToken);
        foreach (var field in new[] { "X-Api-Key", "Accept", "Origin", "If-None-Match", "Content-Digest" })
        {
            using var request =
                new HttpRequestMessage(HttpMethod.Post, $"/v1/objects?name={evil}") { Content = Answers.Body(Samples.Object) };
            request.Headers.TryAddWithoutValidation(field, "x\t\u001b[31m"); // what HTTP lets through
            try
            {
                await running.Http.SendAsync(request, TestContext.Current.CancellationToken);
            }
            catch (HttpRequestException)
            {
                // The client or the server takes no such field.
            }
        }

        using var named = await running.Http.PostAsync(
            $"/v1/relocations?kernel={Samples.NewKernel}&name={evil}", Answers.Body(Samples.Object), TestContext.Current.CancellationToken);
        var said = await running.StopAsync();
        Assert.Contains(said, line => line.Contains("forged", StringComparison.Ordinal));
        Assert.All(said, line =>
        {
            Assert.DoesNotContain(line, IsHarmful);
            if (format == "json") Assert.NotNull(JsonNode.Parse(line));
            else Assert.False(line.StartsWith("12:00:00.000", StringComparison.Ordinal), line);
        });
        if (format == "json")
            Assert.Contains(
                said, line => ((string?)JsonNode.Parse(line)!["RequestPath"])?.Contains(Evil, StringComparison.Ordinal) == true);
        else Assert.Contains(said,
            line => line.Contains(
                @"x\n12:00:00.000 INF forged\r\t\u001b]0;pwned\u0007\u0085\u009b31m\u2028\u2029\u202e\u2066\u061c\u200b\u007f",
                StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_of_files_stay_within_the_lines_that_commands_print()
    {
        var import = Directory.CreateDirectory(Path.Combine(_root, "import")).FullName;
        await File.WriteAllTextAsync(Path.Combine(import, Evil + ".btf"), "no BTF", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(import, Evil + ".txt"), "no kernel", TestContext.Current.CancellationToken);
        var (_, output, error) = await RunProgram.RunAsync(RunProgram.StartOf(_root, "import", import));
        var lines = (output + error).Split('\n');
        Assert.Contains(lines, line => line.Contains(@"\u001b]0;pwned", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.DoesNotContain(line, c => c != '\t' && IsHarmful(c))); // tabs separate columns
        Assert.DoesNotContain(lines, line => line.StartsWith("12:00:00.000", StringComparison.Ordinal));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static bool IsHarmful(char c) =>
        char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.Format
        or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator;
}
