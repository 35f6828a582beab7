using System.Diagnostics;
using System.Net;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.SystemTests.Scripts;

/// <summary>The script for nodes, against the real service, in every supported shell and with every supported downloader.</summary>
public sealed class FetchScriptTests(Service service) : IClassFixture<Service>, IAsyncLifetime
{
    private static readonly string[] Shells = ["dash", "bash", "busybox"];
    private static readonly string[] Downloaders = ["curl", "wget", "busybox-wget"];

    private string _script = "";

    public static TheoryData<string, string> Nodes => new(from shell in Shells from downloader in Downloaders select (shell, downloader));

    public async ValueTask InitializeAsync()
    {
        _script = await service.Http.GetStringAsync(new Uri("/fetch.sh", UriKind.Relative));
        await service.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Node_gets_its_object_once_and_again_only_when_it_changed(string shell, string downloader)
    {
        using var node = new Node(shell, downloader);
        var expected = await RelocatedAsync();

        var first = await node.RunAsync(_script, "tracer", "-o", "t.o");
        Assert.True(first.Status == 0, first.Said);
        Assert.Equal(expected, await File.ReadAllBytesAsync(node.PathOf("t.o")));
        Assert.Equal($"\"{Digest.Of(expected)}\"\n", await File.ReadAllTextAsync(node.PathOf("t.o.etag")));

        var written = File.GetLastWriteTimeUtc(node.PathOf("t.o"));
        var second = await node.RunAsync(_script, "tracer", "-o", "t.o");
        Assert.True(second is { Status: 0 } && second.Said.Contains("is the newest", StringComparison.Ordinal), second.Said);
        Assert.Equal(written, File.GetLastWriteTimeUtc(node.PathOf("t.o")));

        await File.AppendAllTextAsync(node.PathOf("t.o"), "damaged");
        var third = await node.RunAsync(_script, "tracer", "-o", "t.o");
        Assert.True(third.Status == 0, third.Said);
        Assert.Equal(expected, await File.ReadAllBytesAsync(node.PathOf("t.o")));
        Assert.Equal(
            ["bin", "os-release", "t.o", "t.o.etag"], Directory.EnumerateFileSystemEntries(node.Home).Select(Path.GetFileName).Order());
    }

    // A 304 has no body, but a wget that shows the bodies of errors waits for one, its 30 s, on a connection that stays open.
    [Theory]
    [InlineData("wget")]
    [InlineData("busybox-wget")]
    public async Task Wget_does_not_wait_for_the_body_of_a_304(string downloader)
    {
        using var node = new Node("dash", downloader);
        var digest = $"\"{Digest.Of("current"u8)}\"";
        await File.WriteAllTextAsync(node.PathOf("t.o"), "current");
        await File.WriteAllTextAsync(node.PathOf("t.o.etag"), digest + "\n");
        await using var server = new FakeServer(new FakeServer.Answer(304, [], digest));
        var (status, said) = await node.RunAsync(_script, "tracer", "-o", "t.o", "--server", server.Address);
        Assert.True(status == 0, said);
        Assert.Equal(1, server.Closing);
    }

    [Theory]
    [InlineData("fetch.sh")]
    [InlineData("select.sh")]
    [InlineData("relo-check.sh")]
    public async Task The_scripts_of_a_checkout_run_too(string name)
    {
        using var run = Process.Start(new ProcessStartInfo("sh", [Path.Combine(AppContext.BaseDirectory, "wwwroot", name), "--nonsense"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var said = await run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await run.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(run.ExitCode == 2 && said.Contains("--nonsense", StringComparison.Ordinal), $"{run.ExitCode}: {said}");
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task What_the_server_has_not_is_status_3_at_once(string shell, string downloader)
    {
        using var node = new Node(shell, downloader);
        var (status, said) = await node.RunAsync(_script, "nobody");
        Assert.True(status == 3 && said.Contains("404", StringComparison.Ordinal), $"{status}: {said}");
        if (downloader != "busybox-wget") Assert.Contains("the service has no object 'nobody'", said, StringComparison.Ordinal);
        node.IsKernel("9.9.9+nowhere", "x86_64");
        Assert.Equal(3, (await node.RunAsync(_script, "tracer")).Status);
        Assert.False(File.Exists(node.PathOf("tracer.relocated.bpf.o")));
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Server_that_fails_is_asked_again_and_what_is_cut_off_is_fetched_again(string shell, string downloader)
    {
        using var node = new Node(shell, downloader);
        var expected = await RelocatedAsync();
        var cut = new FakeServer.Answer(200, expected[..^100], $"\"{Digest.Of(expected)}\"", expected.Length);
        await using var server = new FakeServer(new(503, "{}"u8.ToArray()), cut, new(200, expected, $"\"{Digest.Of(expected)}\""));
        var (status, said) = await node.RunAsync(_script, "tracer", "--server", server.Address);
        Assert.True(status == 0, said);
        Assert.Equal(expected, await File.ReadAllBytesAsync(node.PathOf("tracer.relocated.bpf.o")));
        Assert.Equal(3, server.Requests.Count);
        // wget writes %0A
        Assert.Equal("/v1/relocated/tracer?kernel=5.11.0-syscall-work%0aID%3dsample%0aVERSION_ID%3d1&arch=x86_64",
            server.Requests[0].Target, ignoreCase: true);
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task What_has_another_digest_never_gets_the_name(string shell, string downloader)
    {
        using var node = new Node(shell, downloader);
        await File.WriteAllTextAsync(node.PathOf("tracer.relocated.bpf.o"), "the old one");
        await using var server = new FakeServer(new FakeServer.Answer(200, [1, 2, 3], $"\"{Digest.Of([4])}\""));
        var (status, said) = await node.RunAsync(_script, "tracer", "--server", server.Address);
        Assert.True(status == 5, $"{status}: {said}");
        Assert.Equal("the old one", await File.ReadAllTextAsync(node.PathOf("tracer.relocated.bpf.o")));
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task An_original_is_not_overwritten(string shell, string downloader)
    {
        using var node = new Node(shell, downloader);
        await File.WriteAllBytesAsync(node.PathOf("tracer.bpf.o"), Samples.Object);
        var (status, said) = await node.RunAsync(_script, "tracer", "-o", "tracer.bpf.o");
        Assert.True(status == 2, $"{status}: {said}");
        Assert.Contains(
            "tracer.bpf.o is an original BPF object with CO-RE records and would be lost; choose another FILE with -o, such as tracer.relocated.bpf.o", said, StringComparison.Ordinal);
        Assert.Equal(Samples.Object, await File.ReadAllBytesAsync(node.PathOf("tracer.bpf.o")));

        // A relocated object is not an original, and neither is a file that is no object.
        await File.WriteAllBytesAsync(node.PathOf("tracer.bpf.o"), await RelocatedAsync());
        Assert.Equal(0, (await node.RunAsync(_script, "tracer", "-o", "tracer.bpf.o")).Status);
        await File.WriteAllBytesAsync(node.PathOf("cut.o"), Samples.Object[..200]);
        Assert.Equal(0, (await node.RunAsync(_script, "tracer", "-o", "cut.o")).Status);
    }

    [Fact]
    public async Task Whatever_the_node_is_called_arrives_as_it_is()
    {
        const string odd = "6.1.0+odd &=#?%20\"x\\;$(id) \u00e4";
        using var node = new Node("dash", "curl");
        await File.WriteAllTextAsync(node.PathOf("os-release"), "ID=\"we ird\"\n"); // and no VERSION_ID
        await using var server = new FakeServer(new FakeServer.Answer(404, "{}"u8.ToArray()));
        Assert.Equal(3, (await node.RunAsync(_script, "tracer", "--server", server.Address, "--kernel", odd)).Status);
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(server.Address + server.Requests[0].Target).Query);
        Assert.Equal((odd + "\nID=we ird", "x86_64"), (query["kernel"].ToString(), query["arch"].ToString()));
    }

    [Theory]
    [InlineData(new string[0], "5.11.0-syscall-work #7-sample SMP\nID=sample\nVERSION_ID=1", null)]
    [InlineData(new[] { "--version", "2" }, "5.11.0-syscall-work #7-sample SMP", "2")] // the caller's word wins
    [InlineData(new[] { "--kernel", "6.1.0+x" }, "6.1.0+x\nID=sample\nVERSION_ID=1", null)]
    [InlineData(new[] { "--kernel", "a/1/x86_64/6.1.0" }, "a/1/x86_64/6.1.0", null)] // says all itself
    public async Task The_kernels_own_words_and_os_release_are_sent(string[] options, string kernel, string? version)
    {
        using var node = new Node("dash", "curl");
        node.IsKernel("5.11.0-syscall-work", "x86_64", "#7-sample SMP");
        await using var server = new FakeServer(new FakeServer.Answer(404, "{}"u8.ToArray()));
        Assert.Equal(3, (await node.RunAsync(_script, ["tracer", "--server", server.Address, .. options])).Status);
        var query = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(server.Address + server.Requests[0].Target).Query);
        Assert.Equal((kernel, version), (query["kernel"].ToString(), query.TryGetValue("version", out var sent) ? sent.ToString() : null));
    }

    [Theory]
    [InlineData("ID=alpine\nVERSION_ID=3.19.1\n", "#101~20.04.1-Ubuntu SMP Thu Nov 16 14:22:28 UTC 2023", 0, "is tracer for 5.15.0-91-generic")] // a container
    [InlineData("ID=linuxmint\nVERSION_ID=20.3\nUBUNTU_CODENAME=focal\n", "", 0, "is tracer for 5.15.0-91-generic")]
    [InlineData("ID=alpine\nVERSION_ID=3.19.1\n", "", 3, "the archive has 5.15.0-91-generic as ubuntu/20.04/x86_64; alpine/3.19.1 has none; add distro=ubuntu")]
    [InlineData("ID=ubuntu\nVERSION_ID=22.04\n", "#101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023", 3, "built for Ubuntu 22.04, and ubuntu/22.04 has none")]
    [InlineData("ID=nixos\nVERSION_ID=23.11\n", "#1-NixOS SMP PREEMPT_DYNAMIC Tue Jan  1 00:00:00 UTC 1980", 3, "the text says that nixos built the kernel, and nixos has none")]
    public async Task Node_with_another_distributions_kernel_gets_that_or_is_told_why_not(
        string osRelease, string words, int status, string said)
    {
        await service.Http.PostAsync(
            "/v1/kernels?distro=ubuntu&version=20.04&arch=x86_64&release=5.15.0-91-generic", Answers.Body(Samples.NewBtf));
        using var node = new Node("dash", "curl");
        node.IsKernel("5.15.0-91-generic", "x86_64", words);
        await File.WriteAllTextAsync(node.PathOf("os-release"), osRelease);
        var fetched = await node.RunAsync(_script, "tracer");
        Assert.True(fetched.Status == status, $"{fetched.Status}: {fetched.Said}");
        Assert.Contains(said, fetched.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_goes_along_and_not_on_the_command_line()
    {
        foreach (var downloader in new[] { "curl", "wget" })
        {
            using var node = new Node("dash", downloader);
            node.Environment["RELO_API_KEY"] = "k\"e\\y";
            await using var server = new FakeServer(new FakeServer.Answer(403, "{}"u8.ToArray()));
            Assert.Equal(4, (await node.RunAsync(_script, "tracer", "--server", server.Address)).Status);
            Assert.Equal("k\"e\\y", server.Requests[0].Key);
        }
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Key_is_on_no_command_line_while_the_request_runs(string shell, string downloader)
    {
        const string key = "open-sesame-of-the-fleet";
        using var node = new Node(shell, downloader);
        node.Environment["RELO_API_KEY"] = key;
        var commands = "";
        await using var server =
            new FakeServer(new FakeServer.Answer(403, "{}"u8.ToArray())) { WhileItWaits = () => commands = CommandLines() };
        var (status, said) = await node.RunAsync(_script, "tracer", "--server", server.Address);
        if (downloader == "busybox-wget")
        {
            Assert.True(status == 7 && said.Contains("install curl or GNU wget", StringComparison.Ordinal), said);
            return;
        }

        Assert.True(status == 4, said);
        Assert.Equal(key, server.Requests[0].Key);
        Assert.Contains(downloader, commands, StringComparison.Ordinal);
        Assert.DoesNotContain(key, commands, StringComparison.Ordinal);
        Assert.Equal(["bin", "os-release"], Directory.EnumerateFileSystemEntries(node.Home).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("curl")]
    [InlineData("wget")]
    public async Task Key_is_not_sent_to_where_a_redirect_leads(string downloader)
    {
        await using var other = new FakeServer(new FakeServer.Answer(200, [1], $"\"{Digest.Of([1])}\""));
        await using var server = new FakeServer(new FakeServer.Answer(302, [], Field: $"Location: {other.Address}/elsewhere"));
        using var node = new Node("dash", downloader);
        node.Environment["HOME"] = node.Home;
        await File.WriteAllTextAsync(node.PathOf(".curlrc"), "location-trusted\n"); // the user's own habits
        await File.WriteAllTextAsync(node.PathOf(".wgetrc"), "max_redirect = 9\n");
        node.Environment["RELO_API_KEY"] = "open-sesame-of-the-fleet";
        var (status, said) = await node.RunAsync(_script, "tracer", "--server", server.Address);
        Assert.True(status == 4, said);
        Assert.Contains($"redirects to {other.Address}/elsewhere", said, StringComparison.Ordinal);
        Assert.Empty(other.Requests);

        // Without a key there is nothing to lose.
        node.Environment.Remove("RELO_API_KEY");
        (status, said) = await node.RunAsync(_script, "tracer", "--server", server.Address, "-o", "t.o");
        Assert.True(status == 0, said);
        Assert.Null(Assert.Single(other.Requests).Key);
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData("a\rX-Evil: 1")]
    public async Task Key_that_would_be_another_field_is_refused(string key)
    {
        using var node = new Node("dash", "curl");
        node.Environment["RELO_API_KEY"] = key;
        Assert.Equal(2, (await node.RunAsync(_script, "tracer")).Status);
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task What_a_server_says_cannot_command_the_terminal(string shell, string downloader)
    {
        using var node = new Node(shell, downloader);
        var evil = "{\"detail\": \"no \u001b]0;pwned\u0007 \u009b31m \u202eobject\u2028\u007f here\"}"u8.ToArray();
        await using var server = new FakeServer(new FakeServer.Answer(404, evil, Field: "X-Odd: \u001b[31m"));
        var (status, said) = await node.RunAsync(_script, "tracer", "--server", server.Address);
        Assert.True(status == 3, said);
        Assert.DoesNotContain(said.TrimEnd('\n'), c => c is < ' ' or > '~');
        if (downloader != "busybox-wget") Assert.Contains("no ?]0;pwned?", said, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Nodes))]
    public async Task Retry_After_is_waited_for_but_not_longer_than_the_time_limit(string shell, string downloader)
    {
        using var node = new Node(shell, downloader);
        var expected = await RelocatedAsync();
        await using var server =
            new FakeServer(new(503, "{}"u8.ToArray(), Field: "Retry-After: 3"), new(200, expected, $"\"{Digest.Of(expected)}\""));
        var (status, said) = await node.RunAsync(_script, "tracer", "--server", server.Address);
        Assert.True(status == 0, said);
        if (downloader == "busybox-wget") return; // shows no fields of an error
        Assert.Matches("again in [34] s", said);

        await using var patient = new FakeServer(new FakeServer.Answer(503, "{}"u8.ToArray(), Field: "Retry-After: 31"));
        node.Environment["RELO_TIMEOUT"] = "30";
        (status, said) = await node.RunAsync(_script, "tracer", "--server", patient.Address);
        Assert.True(status == 1 && said.Contains("requests a wait of 31 s, RELO_TIMEOUT is 30", StringComparison.Ordinal), said);
        Assert.Single(patient.Requests);
    }

    // What ps shows to every user.
    private static string CommandLines() => string.Join('\n', Directory.EnumerateDirectories("/proc").Select(folder =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return ""; // no process, or one that has ended
        }
    }));

    [Fact]
    public async Task Server_that_nobody_answers_at_is_status_1_after_all_attempts()
    {
        using var node = new Node("dash", "curl");
        var (status, said) = await node.RunAsync(_script, "tracer", "--server", "http://127.0.0.1:9", "--attempts", "2");
        Assert.Equal(1, status);
        Assert.Contains("attempt 1 of 2", said, StringComparison.Ordinal);
        Assert.Contains("(2 attempts)", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("poisoned")]
    [InlineData("absent,poisoned")]
    public async Task Object_that_would_not_load_is_status_4(string outcomes)
    {
        using var node = new Node("dash", "curl");
        var (status, said) = await node.RunAsync(_script, "tracer", "--fail-on", outcomes);
        Assert.Equal(4, status);
        Assert.Contains("are poisoned", said, StringComparison.Ordinal);
        Assert.False(File.Exists(node.PathOf("tracer.relocated.bpf.o")));
    }

    [Theory]
    [InlineData]
    [InlineData("--nonsense", "tracer")]
    [InlineData("one", "two")]
    [InlineData("tracer", "-o")]
    [InlineData("tracer", "--attempts", "0")]
    [InlineData("tracer", "--fail-on", "never")]
    [InlineData("tracer", "--fail-on", "broken,never")]
    [InlineData("tracer", "--server", "relo:8080")]
    public async Task Wrong_usage_is_status_2(params string[] args)
    {
        using var node = new Node("dash", "curl");
        Assert.Equal(2, (await node.RunAsync(_script, args)).Status);
    }

    [Fact]
    public async Task Folder_that_is_not_there_is_status_6_and_missing_programs_are_status_7()
    {
        using var node = new Node("dash", "curl");
        Assert.Equal(6, (await node.RunAsync(_script, "tracer", "-o", "nowhere/t.o")).Status);
        using var bare = new Node("dash", "");
        Assert.Equal(7, (await bare.RunAsync(_script, "tracer")).Status);
        Assert.Equal(7, (await node.RunAsync(_script, "tracer", "--load", "/nowhere")).Status); // bpftool
    }

    [Fact]
    public async Task Script_that_arrives_cut_off_does_nothing()
    {
        using var node = new Node("dash", "curl");
        for (var length = _script.Length / 16; length < _script.Length - 12; length += _script.Length / 16)
            await node.RunAsync(_script[..length], "tracer");
        Assert.Equal(["bin", "os-release"], Directory.EnumerateFileSystemEntries(node.Home).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Script_knows_where_it_came_from()
    {
        Assert.Contains($"\nBAKED_SERVER='{service.Http.BaseAddress!.ToString().TrimEnd('/')}'\n", _script, StringComparison.Ordinal);
        using var node = new Node("dash", "curl");
        node.Environment["RELO_SERVER"] = "http://127.0.0.1:9"; // comes first
        Assert.Equal(1, (await node.RunAsync(_script, "tracer", "--attempts", "1")).Status);
    }

    [Theory]
    [InlineData("relo';id;'")]
    [InlineData("relo$(id)")]
    [InlineData("relo`id`")]
    [InlineData("relo&id")]
    public async Task Host_that_a_shell_would_read_is_left_out(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fetch.sh");
        request.Headers.TryAddWithoutValidation("Host", host);
        using var answer = await service.Http.SendAsync(request);
        if (answer.StatusCode == HttpStatusCode.BadRequest) return; // the server takes no such host at all
        var script = await answer.Content.ReadAsStringAsync();
        Assert.Contains("\nBAKED_SERVER=''\n", script, StringComparison.Ordinal);
        Assert.DoesNotContain(host, script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Script_is_downloaded_like_everything_else()
    {
        using var get = await service.Http.GetAsync("/fetch.sh");
        Assert.Equal("text/plain", get.Content.Headers.ContentType?.MediaType);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/fetch.sh");
        again.Headers.IfNoneMatch.Add(get.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await service.Http.SendAsync(again)).StatusCode);
        using var head = await service.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/fetch.sh"));
        Assert.Equal(_script.Length, head.Content.Headers.ContentLength);
    }

    private Task<byte[]> RelocatedAsync() =>
        service.Http.GetByteArrayAsync(new Uri($"/v1/relocated/tracer?kernel={Samples.NewKernel}", UriKind.Relative));
}
