using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Resolution;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Resolution;

/// <summary>The archive has one kernel with the release in a text, but not the text's kernel: it must not be found.</summary>
public sealed class OtherKernelsTests
{
    [Theory]
    [InlineData("debian/13/x86_64/6.12.25-amd64", "Linux kali 6.12.25-amd64 #1 SMP PREEMPT_DYNAMIC Kali 6.12.25-1kali1 (2025-04-30) x86_64 GNU/Linux", "kali")]
    [InlineData("debian/12/x86_64/6.1.0-9-amd64", "Linux version 6.1.0-9-amd64 (devel@kali.org) (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP Debian 6.1.27-1kali1 (2023-05-12)", "kali")]
    [InlineData("kali/2025.2/x86_64/6.12.25-amd64", "Linux n 6.12.25-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.12.25-1 (2025-04-25) x86_64 GNU/Linux", "debian")]
    [InlineData("arch/rolling/x86_64/6.6.32", "Linux nixos 6.6.32 #1-NixOS SMP PREEMPT_DYNAMIC Sat May 25 14:22:56 UTC 2024 x86_64 GNU/Linux", "nixos")]
    [InlineData("ubuntu/22.04/x86_64/6.6.32", "Linux version 6.6.32 (nixbld@localhost) (gcc (GCC) 13.2.0, GNU ld (GNU Binutils) 2.41) #1-NixOS SMP PREEMPT_DYNAMIC Tue Jan  1 00:00:00 UTC 1980", "nixos")]
    [InlineData("amzn/2/x86_64/5.15.148", "Linux version 5.15.148 (builder@buildkitsandbox) (x86_64-bottlerocket-linux-gnu-gcc (Buildroot 2022.11.1) 11.3.0) #1 SMP Fri Feb 23 02:47:29 UTC 2024", "bottlerocket")]
    [InlineData("ubuntu/20.04/arm64/5.10.110", "Linux version 5.10.110 (build-user@build-host) (Android (7284624, based on r416183b) clang version 12.0.5) #1 SMP PREEMPT Thu Aug 11 03:54:24 UTC 2022", "android")]
    [InlineData("ubuntu/20.04/x86_64/4.4.0-19041", "Linux DESKTOP 4.4.0-19041 #1237-Microsoft Sat Sep 11 14:32:00 PST 2021 x86_64 x86_64 x86_64 GNU/Linux", "wsl")]
    [InlineData("debian/12/x86_64/6.6.34-0-virt", "Linux localhost 6.6.34-0-virt #1-Alpine SMP PREEMPT_DYNAMIC 2024-06-17 07:54:27 x86_64 Linux", "alpine")]
    [InlineData("debian/11/x86_64/5.10.147+", "Linux version 5.10.147+ (builder@localhost) (Chromium OS 15.0_pre458507 clang version 15.0.0) #1 SMP Sat Oct 29 05:44:49 UTC 2022", "cos")]
    [InlineData("ubuntu/16.04/x86_64/4.4.302+", "Linux nas 4.4.302+ #69057 SMP Fri Jan 12 17:02:28 CST 2024 x86_64 GNU/Linux synology_geminilake_920+", "synology")]
    [InlineData("debian/12/x86_64/5.15.0-91-generic", "Linux n 5.15.0-91-generic #101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023 x86_64 x86_64 x86_64 GNU/Linux", "ubuntu")]
    [InlineData("rhel/8/x86_64/4.4.0", "Linux runsc 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016 x86_64 Linux", "gvisor")]
    public void A_kernel_of_another_builder(string id, string text, string builder)
    {
        var missing = Missing(id, text);
        Assert.Equal(
            $"the archive has {id.Split('/')[3]} as {id[..id.LastIndexOf('/')]}; the text says that {builder} built the kernel, and {builder} has none", missing.Detail);
        Assert.Equal(id, missing.Nearest[0].Kernel.Id);
    }

    [Theory]
    [InlineData("ubuntu/22.04/x86_64/5.15.0-91-generic", "Linux n 5.15.0-91-generic #101-Ubuntu SMP Tue Nov 14 13:31:26 UTC 2023 aarch64 aarch64 aarch64 GNU/Linux", "arm64 has none")]
    [InlineData("ubuntu/18.04/x86_64/4.15.0-20-generic", "Linux n 4.15.0-20-generic #21-Ubuntu SMP Tue Apr 24 06:15:38 UTC 2018 i686 i686 i386 GNU/Linux", "i686 has none")]
    [InlineData("ubuntu/20.04/arm64/5.4.0-91-generic", "Linux version 5.4.0-91-generic (buildd@lcy01-amd64-017) (gcc version 9.3.0 (Ubuntu 9.3.0-17ubuntu1~20.04)) #102-Ubuntu SMP", "x86_64 or i686")]
    [InlineData("custom/local/x86_64/6.6.0-mine", "Linux version 6.6.0-mine (me@home) (aarch64-linux-gnu-gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP", "built for arm64")]
    [InlineData("custom/local/x86_64/6.6.0-mine", "Linux n 6.6.0-mine #1 SMP armv8l GNU/Linux", "arm64 has none")] // a 32-bit process on a 64-bit kernel
    [InlineData("custom/local/armv7l/6.6.0-mine", "6.6.0-mine ppc64el", "ppc64le has none")]
    [InlineData("alpine/3.20/x86_64/6.6.31-0-lts", "Linux version 6.6.31-0-lts (buildozer@build-3-20-x86) (gcc (Alpine 13.2.1_git20240309) 13.2.1 20240309) #1-Alpine SMP", "built for i686")]
    public void A_kernel_of_another_architecture(string id, string text, string said) => Assert.Contains(said, Missing(id, text).Detail);

    [Theory]
    [InlineData("ubuntu/20.04/x86_64/5.15.0-91-generic", "Linux n 5.15.0-91-generic #101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023 x86_64 x86_64 x86_64 GNU/Linux", "22.04")] // 5.15 is 22.04's own
    [InlineData("ubuntu/14.04/x86_64/4.4.0-87-generic", "Linux n 4.4.0-87-generic #110-Ubuntu SMP Tue Jul 18 12:55:35 UTC 2017 x86_64 x86_64 x86_64 GNU/Linux", "16.04")] // 14.04's is marked ~14.04
    [InlineData("ubuntu/22.04/x86_64/5.15.0-91-generic", "Linux n 5.15.0-91-generic #101~20.04.1-Ubuntu SMP Thu Nov 16 14:22:28 UTC 2023 x86_64 x86_64 x86_64 GNU/Linux", "20.04")]
    [InlineData("ubuntu/22.04/x86_64/5.15.0-97-generic", "Ubuntu 5.15.0-97.107~20.04.1-generic 5.15.136", "20.04")]
    [InlineData("linuxmint/21.1/x86_64/5.15.0-91-generic", "Linux n 5.15.0-91-generic #101~20.04.1-Ubuntu SMP Thu Nov 16 14:22:28 UTC 2023 x86_64 GNU/Linux", "20.04")]
    public void An_Ubuntu_kernel_built_for_another_version(string id, string text, string version) =>
        Assert.Contains($"built for Ubuntu {version}, and ubuntu/{version} has none", Missing(id, text).Detail);

    [Theory]
    [InlineData("rocky/8/x86_64/4.18.0-372.9.1.el8.x86_64", "Linux version 4.18.0-372.9.1.el8.x86_64 (mockbuild@x64-builder02.almalinux.org) (gcc (Red Hat 8.5.0-10)) #1 SMP")] // rebuilt from one source
    [InlineData("acme/1/x86_64/5.15.0-91-generic", "Linux n 5.15.0-91-generic #101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023 x86_64 GNU/Linux")] // nobody knows who builds its kernels
    [InlineData("linuxmint/21.1/x86_64/5.15.0-91-generic", "Linux n 5.15.0-91-generic #101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023 x86_64 GNU/Linux")] // runs Ubuntu's
    [InlineData("debian/12/arm64/6.6.20+rpt-rpi-v8", "Linux n 6.6.20+rpt-rpi-v8 #1 SMP PREEMPT Debian 1:6.6.20-1+rpt1 (2024-03-07) aarch64 GNU/Linux")] // the release has the builder's sign too
    [InlineData("ubuntu/22.04/x86_64/5.15.146.1-microsoft-standard-WSL2", "Linux version 5.15.146.1-microsoft-standard-WSL2 (root@65c757a075e2) (gcc (GCC) 11.2.0) #1 SMP Thu Jan 11 04:09:03 UTC 2024")]
    [InlineData("rocky/8/x86_64/4.18.0-372.9.1.el8.x86_64", "Linux kali-android-synology 4.18.0-372.9.1.el8.x86_64 #1 SMP Tue May 10 14:48:47 UTC 2022 x86_64 GNU/Linux")] // a node may be called anything
    public void What_may_be_the_same_kernel_is_found(string id, string text) => Assert.IsType<KernelFound>(Resolve(id, text));

    [Theory]
    [InlineData("custom/local/x86_64/5.10.147", "5.10.147 ")] // "?kernel=5.10.147+" without encoding
    [InlineData("custom/local/x86_64/5.10.147", "custom/local/x86_64/5.10.147 ")]
    [InlineData("custom/local/x86_64/5.10.147", "Linux n 5.10.147  #1 SMP x86_64 GNU/Linux")]
    [InlineData("custom/local/x86_64/5.10.147", "Linux 5.10.147 ")]
    public void A_kernel_without_the_plus_at_the_end_of_the_release(string id, string text) =>
        Assert.Contains("5.10.147+", string.Join(' ', Missing(id, text).Explanation));

    private static KernelNotFound Missing(string id, string text) => Assert.IsType<KernelNotFound>(Resolve(id, text));

    private static KernelResolution Resolve(string id, string text)
    {
        var parts = id.Split('/');
        Kernel only = new(id, parts[0], parts[1], parts[2], parts[3], Digest.Of([1]), 100, "import", DateTimeOffset.UnixEpoch, []);
        return new KernelResolver(new KernelIndex([only])).Resolve(new(text));
    }
}
