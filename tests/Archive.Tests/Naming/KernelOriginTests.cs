using Relo.Archive.Naming;

namespace Relo.Archive.Tests.Naming;

/// <summary>Banners of real kernels.</summary>
public sealed class KernelOriginTests
{
    [Theory]
    [InlineData("6.1.0-38-amd64", "(debian-kernel@lists.debian.org) (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP Debian 6.1.147-1", "debian", "12")]
    [InlineData("6.12.117+deb12-cloud-amd64", "(debian-kernel@lists.debian.org) #1 SMP", "debian", "12")]
    [InlineData("6.1.0-0.deb11.48-amd64", "(debian-kernel@lists.debian.org) #1 SMP", "debian", "11")]
    [InlineData("5.10.0-0.bpo.15-amd64", "(debian-kernel@lists.debian.org) #1 SMP Debian 5.10.120-1~bpo10+1", "debian", "10")]
    [InlineData("4.19.0-0.bpo.19-amd64", "(debian-kernel@lists.debian.org) #1 SMP Debian 4.19.208-1~deb9u1", "debian", "9")]
    [InlineData("4.9.0-0.bpo.12-amd64", "(debian-kernel@lists.debian.org) #1 SMP Debian 4.9.210-1+deb9u1~deb8u1", "debian", "8")]
    [InlineData("5.4.0-91-generic", "(buildd@lcy01-amd64-017) (gcc version 9.3.0 (Ubuntu 9.3.0-17ubuntu1~20.04)) #102-Ubuntu SMP", "ubuntu", "20.04")]
    [InlineData("5.4.0-91-generic", "(buildd@lgw01) (gcc version 7.5.0 (Ubuntu 7.5.0-3ubuntu1~18.04)) #102~18.04.1-Ubuntu SMP", "ubuntu", "18.04")]
    [InlineData("6.8.5-301.fc40.x86_64", "(mockbuild@b92d) (gcc (GCC) 14.0.1 20240411 (Red Hat 14.0.1-0))", "fedora", "40")]
    [InlineData("5.14.0-427.13.1.el9_4.x86_64", "(mockbuild@x86-64-01.build.eng.rdu2.redhat.com) (gcc (GCC) 11.4.1 20231218 (Red Hat 11.4.1-3))", "rhel", "9")]
    [InlineData("4.18.0-305.3.1.el8.x86_64", "(mockbuild@kbuilder.bsys.centos.org) (gcc version 8.4.1 20200928 (Red Hat 8.4.1-1) (GCC))", "centos", "8")]
    [InlineData("5.14.0-427.el9.x86_64", "(mockbuild@x64-builder03.almalinux.org) (gcc (GCC) 11.4.1 (Red Hat 11.4.1-3))", "almalinux", "9")]
    [InlineData("5.4.17-2136.el8uek.x86_64", "(mockbuild@host-100-100-224-10) (gcc version 8.5.0 (Red Hat 8.5.0))", "ol", "8")]
    [InlineData("4.14.355-275.amzn2.x86_64", "(mockbuild@ip-10-0-32-140) (gcc version 7.3.1)", "amzn", "2")]
    [InlineData("6.1.0-custom", "(me@home) (gcc-12 (Debian 12.2.0-14) 12.2.0) #1 SMP", null, null)] // a Debian's compiler makes no Debian kernel
    public void The_distribution_is_who_built_the_kernel(string release, string text, string? distro, string? version) =>
        Assert.Equal(new KernelOrigin(distro, version), KernelOrigin.Of(release, text));
}
