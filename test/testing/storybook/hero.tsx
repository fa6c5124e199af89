import { Mbox } from 'isotarget/react'

export const Hero = ({ title }: { title: string }) => <Mbox name="hero" fallback={<h1>{title}</h1>} />
