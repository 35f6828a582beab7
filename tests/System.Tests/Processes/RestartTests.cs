using System.Net;
using Relo.Api.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.SystemTests.Processes;

public sealed class RestartTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("relo-restart-").FullName;

    [Fact]
    public async Task Kernels_objects_and_addresses_outlive_the_process()
    {
        string address, patched;
        using (var first = new ServiceHost(_root))
        {
            await first.Http.PostAsync(
                "/v1/kernels?distro=debian&version=12&arch=x86_64&release=6.1.0-9-kept", Answers.Body(Samples.NewBtf));
            await first.Http.DeleteAsync($"/v1/kernels?kernel={Samples.OldKernel}");
            var report = await (await first.Http.PostAsync("/v1/relocations?kernel=6.1.0-9-kept", Answers.Body(Samples.Object)))
                .JsonAsync();
            (address, patched) = ((string)report["patched"]!["url"]!, (string)report["patched"]!["sha256"]!);
        }

        using var second = new ServiceHost(_root);
        Assert.Equal(patched, Digest.Of(await second.Http.GetByteArrayAsync(new Uri(address, UriKind.Relative))).ToString());
        var found = await (await second.Http.GetAsync("/v1/kernels/resolve?kernel=6.1.0-9-kept")).JsonAsync();
        Assert.Equal("debian/12/x86_64/6.1.0-9-kept", (string?)found["id"]);
        // Samples are registered at every start.
        Assert.Equal(HttpStatusCode.OK, (await second.Http.GetAsync($"/v1/kernels/resolve?kernel={Samples.OldKernel}")).StatusCode);
    }

    [Fact]
    public async Task Tags_and_what_nodes_get_by_them_outlive_the_process()
    {
        var relocated = new Uri($"/v1/relocated/tracer?kernel={Samples.NewKernel}", UriKind.Relative);
        byte[] before, moved = [.. Samples.Object, 7];
        using (var first = new ServiceHost(_root))
        {
            await first.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(moved));
            await first.Http.PostAsync("/v1/objects?name=first", Answers.Body(moved));
            await first.Http.PostAsync("/v1/objects?name=tracer", Answers.Body(Samples.Object)); // the tag moves
            before = await first.Http.GetByteArrayAsync(relocated);
        }

        using var second = new ServiceHost(_root);
        Assert.Equal(before, await second.Http.GetByteArrayAsync(relocated));
        Assert.Equal(Samples.Object, await second.Http.GetByteArrayAsync(new Uri("/v1/objects/tracer/file", UriKind.Relative)));
        Assert.Equal(moved, await second.Http.GetByteArrayAsync(new Uri("/v1/objects/first/file", UriKind.Relative)));
        using var conditional = new HttpRequestMessage(HttpMethod.Get, relocated);
        conditional.Headers.IfNoneMatch.Add(new($"\"{Digest.Of(before)}\""));
        Assert.Equal(HttpStatusCode.NotModified, (await second.Http.SendAsync(conditional)).StatusCode); // a node keeps what it has
    }

    [Fact]
    public async Task Samples_can_be_left_out()
    {
        using var service = new ServiceHost(_root, ("Archive:RegisterSamples", "false"));
        Assert.Empty((await (await service.Http.GetAsync("/v1/kernels")).JsonAsync())["items"]!.AsArray());
    }

    [Fact]
    public async Task Host_kernel_is_registered_under_its_real_id_and_found_by_uname()
    {
        var host = Directory.CreateDirectory(Path.Combine(_root, "host")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(host, "vmlinux"), Samples.NewBtf);
        await File.WriteAllTextAsync(Path.Combine(host, "os-release"), "ID=debian\nVERSION_ID=\"13\"\n");
        await File.WriteAllTextAsync(Path.Combine(host, "osrelease"), "6.12.57+deb13-amd64\n");
        using var service = new ServiceHost(_root,
            ("Archive:RegisterHostKernel", "true"), ("Archive:HostBtfPath", Path.Combine(host, "vmlinux")), ("Archive:HostArch", "x86_64"),
            ("Archive:HostOsReleasePath", Path.Combine(host, "os-release")), ("Archive:HostReleasePath", Path.Combine(host, "osrelease")));

        // Just as typed: curl "…?kernel=$(uname -r)" does not encode the plus sign.
        var report =
            await (await service.Http.PostAsync("/v1/relocations?kernel=6.12.57+deb13-amd64",
                Answers.Body(Samples.Object, "application/x-www-form-urlencoded"))).JsonAsync();
        Assert.Equal("debian/13/x86_64/6.12.57+deb13-amd64", (string?)report["kernel"]?["id"]);
        Assert.Equal("host", (string?)report["kernel"]!["source"]);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
