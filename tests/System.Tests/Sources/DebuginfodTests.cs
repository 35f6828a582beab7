using Relo.Archive.Kernels;
using Relo.Archive.Tests.Fixtures;
using Relo.Core.Bytes;

namespace Relo.SystemTests.Sources;

/// <summary>
/// The debuginfod of elfutils finds a kernel in its folder by the build-id; what is no kernel is refused with the reason.
/// </summary>
public sealed class DebuginfodTests : IAsyncLifetime
{
    private const string BuildId = "b8a1f0c9d2e34756a0b1c2d3e4f5061728394a5b", Id = "debian/12/x86_64/6.1.0-38-amd64";
    private static readonly byte[] Btf = TinyBtf.Of("int", "long");
    private readonly string _folder = Directory.CreateTempSubdirectory("relo-debuginfod-").FullName;
    private DebuginfodServer? _server;
    private SourceRun? _run;

    public ValueTask InitializeAsync()
    {
        Tool.SkipUnlessInstalled("debuginfod", "gcc");
        return default;
    }

    [Fact]
    public async Task A_kernel_in_its_folder_is_there_with_its_BTF_and_name() =>
        await AssertFoundAsync(await VmlinuxAsync(Btf, TinyImage.Banner));

    [Fact]
    public async Task So_is_one_in_a_package_with_debug_information()
    {
        Tool.SkipUnlessInstalled("dpkg-deb", "bsdtar");
        const string inside = "usr/lib/debug/boot/vmlinux-6.1.0-38-amd64";
        var vmlinux = await VmlinuxAsync(Btf, TinyImage.Banner);
        using var repository = new AptFtpArchive();
        await repository.AddAsync("linux-image-6.1.0-38-amd64-dbg", "6.1.147-1", (inside, await File.ReadAllBytesAsync(vmlinux)));
        File.Delete(vmlinux);
        var package = repository.PoolFile("linux-image-6.1.0-38-amd64-dbg");
        File.Move(package, Path.Combine(_folder, Path.GetFileName(package)));
        await AssertFoundAsync(package);
    }

    [Fact]
    public async Task A_build_id_that_it_does_not_have_is_missing()
    {
        await VmlinuxAsync(Btf, TinyImage.Banner);
        await StartAsync();
        var other = BuildId.Replace('b', 'a');
        var missing = Assert.IsType<KernelNotFound>(await _run!.FindAsync("buildid:" + other));
        Assert.Contains($"the source tested does not have buildid/{other}/section/.BTF", missing.Explanation);
    }

    [Fact]
    public async Task A_program_without_BTF_is_missing()
    {
        await VmlinuxAsync(btf: null, TinyImage.Banner);
        await StartAsync();
        Assert.IsType<KernelNotFound>(await _run!.FindAsync("buildid:" + BuildId));
        AssertNothingStored();
    }

    [Fact]
    public Task BTF_with_another_magic_is_refused() =>
        AssertRefusedAsync([(byte)(Btf[0] ^ 1), .. Btf[1..]], TinyImage.Banner, "it is not raw BTF");

    [Fact]
    public async Task BTF_that_was_cut_is_refused()
    {
        await VmlinuxAsync(Btf[..^1], TinyImage.Banner);
        await StartAsync();
        var missing = Assert.IsType<KernelNotFound>(await _run!.FindAsync("buildid:" + BuildId));
        Assert.Contains(missing.Explanation, step => step.Contains("is not used: .BTF", StringComparison.Ordinal));
        AssertNothingStored();
    }

    [Fact]
    public Task A_program_that_is_no_kernel_is_refused() =>
        AssertRefusedAsync(Btf, "a program with BTF", "does not contain 'Linux version', so it is not a kernel");

    private async Task AssertFoundAsync(string file)
    {
        await StartAsync();
        var found = Assert.IsType<KernelFound>(await _run!.FindAsync("buildid:" + BuildId));
        Assert.Equal((Id, Digest.Of(Btf), BuildId), (found.Kernel.Id, found.Kernel.Btf, found.Kernel.BuildId));
        Assert.Equal([Digest.Of(Btf)], _run.Stored);
        File.Delete(Path.Combine(_folder, Path.GetFileName(file)));
        Assert.IsType<KernelFound>(await _run.FindAsync("6.1.0-38-amd64")); // from the archive
    }

    private async Task AssertRefusedAsync(byte[] btf, string banner, string reason)
    {
        await VmlinuxAsync(btf, banner);
        await StartAsync();
        var unavailable = Assert.IsType<KernelUnavailable>(await _run!.FindAsync("buildid:" + BuildId));
        Assert.Contains(reason, unavailable.Reason, StringComparison.Ordinal);
        AssertNothingStored();
    }

    private void AssertNothingStored()
    {
        Assert.Empty(_run!.Kernels);
        Assert.Empty(_run.Stored);
    }

    private async Task StartAsync()
    {
        _server = await DebuginfodServer.StartAsync(_folder, BuildId);
        _run = await SourceRun.StartAsync("debuginfod", _server.Url);
    }

    // As the kernel's build links it: .BTF is loaded, the banner is in .rodata, and there is debug information.
    private async Task<string> VmlinuxAsync(byte[]? btf, string banner)
    {
        var (types, source, vmlinux) = (InFolder("types.btf"), InFolder("vmlinux.c"), InFolder("vmlinux"));
        var section = btf is null ? "" : $"""__asm__(".section .BTF,\"a\",@progbits\n.incbin \"{types}\"\n.text\n");""";
        await File.WriteAllBytesAsync(types, btf ?? []);
        await File.WriteAllTextAsync(source, $$"""
            {{section}}
            const char linux_banner[] = "{{banner.Trim()}}\n";
            void _start(void) { for (;;); }
            """);
        await Tool.RunAsync(_folder, "gcc", "-g", "-static", "-nostdlib", "-Wl,--build-id=0x" + BuildId, "-o", vmlinux, source);
        return vmlinux;

        string InFolder(string name) => Path.Combine(_folder, name);
    }

    public async ValueTask DisposeAsync()
    {
        if (_run is not null) await _run.DisposeAsync();
        if (_server is not null) await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
