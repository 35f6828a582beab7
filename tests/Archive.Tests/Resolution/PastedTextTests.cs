using Relo.Archive.Index;
using Relo.Archive.Kernels;
using Relo.Archive.Naming;
using Relo.Archive.Resolution;
using Relo.Core.Bytes;

namespace Relo.Archive.Tests.Resolution;

/// <summary>The release is found at any place in pasted text.</summary>
public sealed class PastedTextTests
{
    [Theory]
    [InlineData("[    0.000000] Linux version 4.19.90-2102.2.0.0062.ctl2.aarch64 (abuild@host) (gcc version 7.3.0 (GCC)) #1 SMP Thu Mar 10 03:30:47 UTC 2022", "4.19.90-2102.2.0.0062.ctl2.aarch64", "arm64")]
    [InlineData("[    0.000000] Booting Linux on physical CPU 0x0000000000 [0x413fd0c1]\n[    0.000000] Linux version 6.1.0-38-arm64 (debian-kernel@lists.debian.org) (gcc-12) #1 SMP Debian 6.1.147-1", "6.1.0-38-arm64", "arm64")]
    [InlineData("Nov 28 10:00:00 node kernel: Linux version 5.15.0-91-generic (buildd@lcy02-amd64-045) (gcc (Ubuntu 11.4.0-1ubuntu1~22.04) 11.4.0) #101-Ubuntu SMP", "5.15.0-91-generic", null)]
    [InlineData("$ uname -a\nLinux node 5.15.0-91-generic #101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023 x86_64 x86_64 x86_64 GNU/Linux\n", "5.15.0-91-generic", "x86_64")]
    [InlineData("$ uname -r\n5.15.0-91-generic\n", "5.15.0-91-generic", null)]
    [InlineData("5.15.0-91-generic\nx86_64\n", "5.15.0-91-generic", "x86_64")]
    [InlineData("Linux 10.0.0.5 5.15.0-91-generic #101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023 x86_64", "5.15.0-91-generic", "x86_64")] // a node called like its address
    [InlineData("Linux aarch64 5.15.0-91-generic #101-Ubuntu SMP Tue Nov 14 13:30:08 UTC 2023 x86_64", "5.15.0-91-generic", "x86_64")] // and one called like a machine
    [InlineData("(Linux 6.6.44-production+truenas #1 SMP PREEMPT_DYNAMIC Mon May  5 14:30:30 UTC 2025 x86_64 node (none))", "6.6.44-production+truenas", "x86_64")]
    [InlineData("  Operating System: Ubuntu 18.04.6 LTS\n            Kernel: Linux 5.4.0-1042-raspi\n      Architecture: arm64", "5.4.0-1042-raspi", "arm64")]
    [InlineData("  Operating System: Rocky Linux 8.9 (Green Obsidian)\n            Kernel: Linux 4.18.0-513.5.1.el8_9.x86_64\n      Architecture: x86-64\n   Hardware Vendor: Amazon EC2", "4.18.0-513.5.1.el8_9.x86_64", "x86_64")]
    [InlineData("node_uname_info{domainname=\"(none)\",instance=\"10.0.0.1:9100\",machine=\"aarch64\",nodename=\"n\",release=\"6.1.82-99.168.amzn2023.aarch64\",sysname=\"Linux\",version=\"#1 SMP Mon Mar 25\"} 1", "6.1.82-99.168.amzn2023.aarch64", "arm64")]
    [InlineData("kube_node_info{node=\"n\",kernel_version=\"5.15.0-91-generic\",os_image=\"Ubuntu 22.04.3 LTS\",container_runtime_version=\"containerd://1.7.2\",kubelet_version=\"v1.28.3\"}", "5.15.0-91-generic", null)]
    [InlineData("        \"architecture\": \"amd64\",\n        \"containerRuntimeVersion\": \"containerd://1.6.8\",\n        \"kernelVersion\": \"5.15.0-91-generic\",", "5.15.0-91-generic", "x86_64")]
    [InlineData("  Kernel Version:             5.15.0-91-generic\n  OS Image:                   Ubuntu 22.04.3 LTS\n  Architecture:               amd64", "5.15.0-91-generic", "x86_64")]
    [InlineData("ip-10-0-0-1   Ready   <none>   5d   v1.28.5   10.0.0.1   <none>   Bottlerocket OS 1.19.0 (aws-k8s-1.28)   5.15.148   containerd://1.6.28+bottlerocket", "5.15.148", null)]
    [InlineData("kernel.osrelease = 6.9.7-arch1-1", "6.9.7-arch1-1", null)]
    [InlineData("6.1.0-37-amd64 #1 SMP PREEMPT_DYNAMIC Debian 6.1.140-1 (2025-05-22)", "6.1.0-37-amd64", "x86_64")]
    [InlineData("mine #1 SMP PREEMPT_DYNAMIC Mon Jan  1 00:00:00 UTC 2024", "mine", null)] // uname -rv
    [InlineData("5.15.0-92-generic x86_64", "5.15.0-92-generic", "x86_64")]
    [InlineData("linux-image-5.15.0-94-generic", "5.15.0-94-generic", null)]
    [InlineData("linux-image-unsigned-6.8.0-31-generic", "6.8.0-31-generic", null)]
    [InlineData("linux-image-6.1.0-38-amd64_6.1.147-1_amd64.deb", "6.1.0-38-amd64", "x86_64")]
    [InlineData("linux-image-6.8.0-31-generic_6.8.0-31.31_arm64.deb", "6.8.0-31-generic", "arm64")]
    [InlineData("ii  linux-image-5.15.0-94-generic  5.15.0-94.104  amd64  Signed kernel image generic", "5.15.0-94-generic", "x86_64")]
    [InlineData("linux-image-5.15.0-94-generic/jammy-updates,now 5.15.0-94.104 amd64 [installed]", "5.15.0-94-generic", "x86_64")]
    [InlineData("kernel-4.18.0-240.el8.x86_64", "4.18.0-240.el8.x86_64", "x86_64")]
    [InlineData("kernel-core-5.14.0-427.13.1.el9_4.x86_64.rpm", "5.14.0-427.13.1.el9_4.x86_64", "x86_64")]
    [InlineData("kernel-uek-core-5.15.0-208.159.3.el9uek.aarch64", "5.15.0-208.159.3.el9uek.aarch64", "arm64")]
    [InlineData("kernel-default-5.14.21-150400.24.63.1.x86_64", "5.14.21-150400.24.63-default", null)]
    [InlineData("/boot/vmlinuz-5.15.0-95-generic", "5.15.0-95-generic", null)]
    [InlineData("boot/vmlinuz-5.15.0-95-generic", "5.15.0-95-generic", null)]
    [InlineData("/boot/initramfs-4.18.0-240.el8.x86_64.img", "4.18.0-240.el8.x86_64", "x86_64")]
    [InlineData("/lib/modules/6.12.57+deb13-amd64/vmlinuz", "6.12.57+deb13-amd64", "x86_64")]
    [InlineData("BOOT_IMAGE=/boot/vmlinuz-5.15.0-95-generic root=UUID=0e1 ro quiet", "5.15.0-95-generic", null)]
    [InlineData("Ubuntu 5.15.0-97.107-generic 5.15.136", "5.15.0-97-generic", null)]
    [InlineData("Ubuntu 5.15.0-97.107~20.04.1-lowlatency-hwe 5.15.136", "5.15.0-97-lowlatency-hwe", null)]
    [InlineData("this node runs 5.15.0-91-generic, and fails", "5.15.0-91-generic", null)]
    [InlineData("NAME=\"Ubuntu\"\nVERSION_ID=\"22.04\"\nID=ubuntu\nHOME_URL=\"https://www.ubuntu.com/\"\n5.15.0-96-generic\n", "5.15.0-96-generic", null)]
    [InlineData("Linux node7 5.4.0-91-generic #102~18.04.1-Ubuntu SMP x86_64\r\nID=ubuntu\r\nVERSION_ID=\"18.04\"\r\n", "5.4.0-91-generic", "x86_64")]
    public void The_release_and_the_architecture_are_found(string text, string release, string? arch)
    {
        var named = Assert.IsType<NamedRelease>(IdentifierText.Read(text));
        Assert.Equal((release, arch), (named.Release, named.Arch));
    }

    [Theory]
    [InlineData("gcc version 12.2.0 (Debian 12.2.0-14)")]
    [InlineData("Debian GNU/Linux 12 (bookworm)")]
    [InlineData("ID=ubuntu\nVERSION_ID=22.04\n")]
    [InlineData("Package: linux-image Version: Debian 6.1.147-1")]
    [InlineData("hello world")]
    public void Text_without_a_release_is_answered_with_what_to_give(string text) =>
        Assert.Contains("uname -r", Assert.IsType<NoIdentifier>(IdentifierText.Read(text)).Detail);

    [Fact] // each pattern looks at each place of the text: none may look at the rest of it again and again
    public void Hostile_text_is_read_in_no_time()
    {
        foreach (var piece in new[] { "Linux 1.1 ", "Linux ", "5.5.5-", "1.1.", "kernel-a-", "linux-", "Ubuntu 5.5.5-5.5", "a=5.5.5", "Linux version 5.5.5 a ", " (x-linux-" })
        {
            var text = string.Concat(Enumerable.Repeat(piece, PastedText.MaxLength / piece.Length));
            var started = System.Diagnostics.Stopwatch.GetTimestamp();
            IdentifierText.Read(text);
            Assert.True(System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalMilliseconds < 2000, piece);
        }
    }

    [Fact]
    public void A_build_id_that_no_kernel_has_is_not_found_and_the_answer_says_what_to_give()
    {
        var resolver = new KernelResolver(new KernelIndex([]));
        Assert.Contains("give what uname -r",
            Assert.IsType<KernelNotFound>(resolver.Resolve(new("buildid:b45a17c8f5a6e0b6ad4e3ee23d8ff4bf5bcb7ce1"))).Detail);
        Assert.Contains("found 'xyz'", Assert.IsType<KernelInvalid>(resolver.Resolve(new("buildid:xyz"))).Detail);
    }

    [Fact]
    public void What_the_text_says_of_the_version_comes_with_the_kernel()
    {
        Kernel ubuntu = new("ubuntu/22.04/x86_64/5.15.0-97-generic", "ubuntu", "22.04", "x86_64", "5.15.0-97-generic", Digest.Of([1]), 100,
            "import", DateTimeOffset.UnixEpoch, []);
        var resolver = new KernelResolver(new KernelIndex([ubuntu]));
        Assert.Equal(
            "5.15.136", Assert.IsType<KernelFound>(resolver.Resolve(new("Ubuntu 5.15.0-97.107-generic 5.15.136"))).LinuxVersion.ToString());
        Assert.Equal("5.15.x", Assert.IsType<KernelFound>(resolver.Resolve(new("5.15.0-97-generic"))).LinuxVersion.ToString());
    }
}
